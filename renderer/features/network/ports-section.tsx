import { CircleCheck, CircleDashed, CircleX, ExternalLink, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { NetworkStatus, PublishedPort } from '../../../main/contract/network.ts';
import { IconButton } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copy.tsx';
import { Warning } from '../../ui/warning.tsx';
import { hintOfError } from '../../words/error-words.ts';
import { PortForm } from './port-form.tsx';
import { addressOf, urlOf } from '../../words/port-address.ts';

const states = {
  listening: CircleCheck,
  failed: CircleX,
  waiting: CircleDashed,
} as const;

/** Ports of this machine that lead into the sandbox. */
export function PortsSection(props: {
  readonly status: NetworkStatus;
  readonly onAdd: (port: string) => Promise<unknown>;
  readonly onRemove: (port: string) => void;
}) {
  const { t } = useTranslation('network');
  const { ports } = props.status;
  return (
    <section className="section" aria-labelledby="network-ports">
      <h2 id="network-ports">{t('ports.title')}</h2>
      {ports.length === 0 ? (
        <p className="quiet network-note">{t('ports.none')}</p>
      ) : (
        <ul className="network-rows" aria-label={t('ports.title')}>
          {ports.map((port) => (
            <PortRow key={port.port} port={port} onRemove={props.onRemove} />
          ))}
        </ul>
      )}
      <PortForm onAdd={props.onAdd} />
    </section>
  );
}

function PortRow(props: {
  readonly port: PublishedPort;
  readonly onRemove: (port: string) => void;
}) {
  const { t } = useTranslation('network');
  const { port, onRemove } = props;
  const { state, problem, warning, guestPort, protocol } = port;
  const StateIcon = states[state];
  const url = state === 'listening' ? urlOf(port) : undefined;
  return (
    <li className="network-port">
      <div className="network-row">
        <span className={`network-state network-state-${state}`}>
          <StateIcon className="icon" aria-hidden />
          {t(`ports.${state}`)}
        </span>
        <span className="network-row-main">
          <span>
            <Copyable value={addressOf(port)} what={t('ports.copyAddress')} />{' '}
            <span aria-hidden>→</span>
            <span className="visually-hidden">{t('ports.leadsTo')}</span>{' '}
            <span className="mono">{guestPort}</span> <span className="quiet">{protocol}</span>
          </span>
        </span>
        {url !== undefined && (
          <a
            className="button"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={t('ports.openOf', { url })}
          >
            <ExternalLink className="icon" aria-hidden />
            {t('ports.open')}
          </a>
        )}
        <IconButton
          icon={Trash2}
          label={t('ports.remove', { port: port.port })}
          onClick={() => {
            onRemove(port.port);
          }}
        />
      </div>
      {problem !== undefined && (
        <p className="field-error" role="alert">
          {problem.message} {hintOfError(problem)}
        </p>
      )}
      {warning !== undefined && <Warning>{warning}</Warning>}
    </li>
  );
}
