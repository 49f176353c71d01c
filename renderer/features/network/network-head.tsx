import { ArrowDown, ArrowUp, CircleDashed, LoaderCircle, Network } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NetworkStatus } from '../../../main/contract/network.ts';
import { Chips } from '../../ui/chips.tsx';
import { formatBytes } from '../../ui/format.ts';
import { policyWords } from '../../words/network-words.ts';

const links = {
  up: Network,
  down: LoaderCircle,
  none: CircleDashed,
} as const;

type Policy = NetworkStatus['config']['policy'];

/** How the network is, what it may reach, and what has passed. */
export function NetworkHead(props: {
  readonly status: NetworkStatus;
  readonly onPolicy: (policy: Policy) => Promise<unknown>;
}) {
  const { t } = useTranslation('network');
  const { status, onPolicy } = props;
  const { link, config, traffic } = status;
  const [chosen, setChosen] = useState<Policy>();
  const policy = chosen ?? config.policy;
  const LinkIcon = links[link];
  const policies = policyWords();
  const choose = (next: Policy) => {
    setChosen(next);
    void onPolicy(next).finally(() => {
      setChosen(undefined);
    });
  };
  return (
    <section className="card network-head" aria-label={t('head.label')}>
      <p className={`network-link network-link-${link}`}>
        <LinkIcon className="icon" aria-hidden />
        <span>
          <strong>{t(`head.${link}`)}</strong>{' '}
          <span className="quiet">{t(`head.${link}Remark`)}</span>
        </span>
      </p>
      <div className="network-policy">
        <Chips label={t('head.policy')} value={policy} choices={policies} onChange={choose} />
        <span className="quiet">{policies.find(({ value }) => value === policy)?.remark}</span>
      </div>
      {link !== 'none' && (
        <p className="network-traffic quiet">
          <span>
            <ArrowUp className="icon" aria-hidden />
            {t('head.sent', { size: formatBytes(traffic.sentBytes) })}
          </span>
          <span>
            <ArrowDown className="icon" aria-hidden />
            {t('head.received', { size: formatBytes(traffic.receivedBytes) })}
          </span>
          <span>{t('head.tcp', { count: traffic.tcpConnections })}</span>
          <span>{t('head.udp', { count: traffic.udpFlows })}</span>
        </p>
      )}
    </section>
  );
}
