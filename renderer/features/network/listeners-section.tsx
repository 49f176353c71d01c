import { Share2 } from 'lucide-react';
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
  const { listeners, isRunning } = props;
  const { ports, error } = listeners;
  return (
    <section className="section" aria-labelledby="network-listeners">
      <h2 id="network-listeners">Listening in the sandbox</h2>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {!isRunning && <p className="quiet network-note">It is asked when the sandbox runs.</p>}
      {ports?.length === 0 && (
        <p className="quiet network-note">
          No program listens. A server that is started in the sandbox appears here, ready to be
          published.
        </p>
      )}
      {ports !== undefined && ports.length > 0 && (
        <ul className="network-rows" aria-label="Listening in the sandbox">
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
          <span className="quiet">
            It listens on {address} alone, where no published port reaches it. Let the program
            listen on 0.0.0.0.
          </span>
        )}
      </span>
      {published !== undefined && (
        <span className="quiet">published as {describePort(published)}</span>
      )}
      {published === undefined && reach === 'any' && (
        <Button
          icon={Share2}
          aria-label={`Publish ${number}/${protocol}`}
          title={`Publish it as ${describePort(portOf(port))}`}
          onClick={() => {
            onPublish(portOf(port));
          }}
        >
          Publish
        </Button>
      )}
    </li>
  );
}
