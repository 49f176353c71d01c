import { CircleCheck, CircleDashed, CircleX, ExternalLink, Trash2 } from 'lucide-react';
import type { NetworkStatus, PublishedPort } from '../../../main/contract/network.ts';
import { IconButton } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copy.tsx';
import { Warning } from '../../ui/warning.tsx';
import { PortForm } from './port-form.tsx';
import { addressOf, urlOf } from '../../words/port-address.ts';

const states = {
  listening: { icon: CircleCheck, words: 'listening' },
  failed: { icon: CircleX, words: 'failed' },
  waiting: { icon: CircleDashed, words: 'waits for the sandbox' },
} as const;

/** Ports of this machine that lead into the sandbox. */
export function PortsSection(props: {
  readonly status: NetworkStatus;
  readonly onAdd: (port: string) => Promise<unknown>;
  readonly onRemove: (port: string) => void;
}) {
  const { ports } = props.status;
  return (
    <section className="section" aria-labelledby="network-ports">
      <h2 id="network-ports">Published ports</h2>
      {ports.length === 0 ? (
        <p className="quiet network-note">
          A published port is an address of this machine that leads to a program in the sandbox.
        </p>
      ) : (
        <ul className="network-rows" aria-label="Published ports">
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
  const { port, onRemove } = props;
  const { state, problem, warning, guestPort, protocol } = port;
  const { icon: StateIcon, words } = states[state];
  const url = state === 'listening' ? urlOf(port) : undefined;
  return (
    <li className="network-port">
      <div className="network-row">
        <span className={`network-state network-state-${state}`}>
          <StateIcon className="icon" aria-hidden />
          {words}
        </span>
        <span className="network-row-main">
          <span>
            <Copyable value={addressOf(port)} what="address" /> <span aria-hidden>→</span>
            <span className="visually-hidden">leads to port</span>{' '}
            <span className="mono">{guestPort}</span> <span className="quiet">{protocol}</span>
          </span>
        </span>
        {url !== undefined && (
          <a
            className="button"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`Open ${url}`}
          >
            <ExternalLink className="icon" aria-hidden />
            Open
          </a>
        )}
        <IconButton
          icon={Trash2}
          label={`Remove port ${port.port}`}
          onClick={() => {
            onRemove(port.port);
          }}
        />
      </div>
      {problem !== undefined && (
        <p className="field-error" role="alert">
          {problem.message} {problem.hint}
        </p>
      )}
      {warning !== undefined && <Warning>{warning}</Warning>}
    </li>
  );
}
