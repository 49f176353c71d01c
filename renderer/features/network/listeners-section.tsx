import { Share2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { GuestPort } from '../../../main/contract/network.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { describePort } from '../../words/network-words.ts';
import { portOf } from './port-words.ts';
import type { Listeners } from './use-network.ts';

/** Ports that programs of the guest listen on, each a click away from being published. */
export function ListenersSection(props: {
  readonly listeners: Listeners;
  readonly isRunning: boolean;
  readonly onPublish: (port: string) => void;
}) {
  const { t } = useTranslation('network');
  const { listeners, isRunning } = props;
  const { ports, error } = listeners;
  return (
    <section className="section" aria-labelledby="network-listeners">
      <h2 id="network-listeners">{t('listeners.title')}</h2>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {!isRunning && <p className="quiet network-note">{t('listeners.notRunning')}</p>}
      {ports?.length === 0 && <p className="quiet network-note">{t('listeners.none')}</p>}
      {ports !== undefined && ports.length > 0 && (
        <ul className="network-rows" aria-label={t('listeners.title')}>
          {ports.map((port) => (
            <ListenerRow
              key={`${port.protocol} ${port.address} ${String(port.port)}`}
              port={port}
              onPublish={props.onPublish}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function ListenerRow(props: {
  readonly port: GuestPort;
  readonly onPublish: (port: string) => void;
}) {
  const { t } = useTranslation('network');
  const { port, onPublish } = props;
  const { protocol, address, command, reach, published } = port;
  const number = String(port.port);
  return (
    <li className="network-row">
      <span className="network-row-main">
        <span>
          <span className="mono">{number}</span> <span className="quiet">{protocol}</span>
          {command !== undefined && <span className="mono"> {command}</span>}
        </span>
        {reach === 'loopback' && (
          <span className="quiet">{t('listeners.loopback', { address })}</span>
        )}
      </span>
      {published !== undefined && (
        <span className="quiet">{t('listeners.published', { port: describePort(published) })}</span>
      )}
      {published === undefined && reach === 'any' && (
        <Button
          icon={Share2}
          aria-label={t('listeners.publishOf', { port: `${number}/${protocol}` })}
          title={t('listeners.publishAs', { port: describePort(portOf(port)) })}
          onClick={() => {
            onPublish(portOf(port));
          }}
        >
          {t('listeners.publish')}
        </Button>
      )}
    </li>
  );
}
