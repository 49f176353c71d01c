import { ArrowDown, ArrowUp, CircleDashed, LoaderCircle, Network } from 'lucide-react';
import { useState } from 'react';
import type { NetworkStatus } from '../../../main/contract/network.ts';
import { Chips } from '../../ui/chips.tsx';
import { formatBytes, plural } from '../../ui/format.ts';
import { policyWords } from '../../words/network-words.ts';

const links = {
  up: { icon: Network, words: 'Up', remark: 'packets flow' },
  down: { icon: LoaderCircle, words: 'Down', remark: 'the gateway is being started again' },
  none: { icon: CircleDashed, words: 'Off', remark: 'the sandbox does not run' },
} as const;

type Policy = NetworkStatus['config']['policy'];

/** How the network is, what it may reach, and what has passed. */
export function NetworkHead(props: {
  readonly status: NetworkStatus;
  readonly onPolicy: (policy: Policy) => Promise<unknown>;
}) {
  const { status, onPolicy } = props;
  const { link, config, traffic } = status;
  const [chosen, setChosen] = useState<Policy>();
  const policy = chosen ?? config.policy;
  const { icon: LinkIcon, words, remark } = links[link];
  const choose = (next: Policy) => {
    setChosen(next);
    void onPolicy(next).finally(() => {
      setChosen(undefined);
    });
  };
  return (
    <section className="card network-head" aria-label="State of the network">
      <p className={`network-link network-link-${link}`}>
        <LinkIcon className="icon" aria-hidden />
        <span>
          <strong>{words}</strong> <span className="quiet">{remark}</span>
        </span>
      </p>
      <div className="network-policy">
        <Chips label="Policy" value={policy} choices={policyWords} onChange={choose} />
        <span className="quiet">{policyWords.find(({ value }) => value === policy)?.remark}</span>
      </div>
      {link !== 'none' && (
        <p className="network-traffic quiet">
          <span>
            <ArrowUp className="icon" aria-hidden />
            {formatBytes(traffic.sentBytes)} sent
          </span>
          <span>
            <ArrowDown className="icon" aria-hidden />
            {formatBytes(traffic.receivedBytes)} received
          </span>
          <span>{plural(traffic.tcpConnections, 'TCP connection')}</span>
          <span>{plural(traffic.udpFlows, 'UDP flow')}</span>
        </p>
      )}
    </section>
  );
}
