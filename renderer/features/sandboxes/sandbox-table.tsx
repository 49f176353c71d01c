import { Play, Square, SquareTerminal, Trash2 } from 'lucide-react';
import { Fragment, memo, useDeferredValue, useState } from 'react';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMiB, plural } from '../../ui/format.ts';
import { Ago } from '../../ui/time.tsx';
import { describeNetwork } from '../../words/network-words.ts';
import { RemoveDialog } from './remove-dialog.tsx';
import { actOnSandbox, dismissActionError, isAlive } from './sandbox-actions.ts';
import { sandboxStore } from './sandbox-store.ts';
import { StateMark } from './state-mark.tsx';
import './sandbox-table.css';

/** What the table asks of the window around it. */
export interface SandboxTableProps {
  readonly sandboxHref: (name: string) => string;
  readonly onTerminal: (sandbox: Sandbox) => void;
}

/** What a high screen shows at once. */
const firstRows = 40;

/** Every sandbox, with what can be done to it. */
export function SandboxTable(props: SandboxTableProps) {
  const all = useStore(sandboxStore, (state) => state.sandboxes);
  // The rows beyond the first screen are drawn in pieces, between which the window answers.
  const sandboxes = useDeferredValue(all, all.slice(0, firstRows));
  const actionErrors = useStore(sandboxStore, (state) => state.actionErrors);
  const [removing, setRemoving] = useState<Sandbox>();
  return (
    <div className="table-frame">
      <table className="table sandbox-table" aria-label="Sandboxes">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Name</th>
            <th scope="col">Image</th>
            <th scope="col">Resources</th>
            <th scope="col">Network</th>
            <th scope="col">Created</th>
            <th scope="col" className="table-actions">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sandboxes.map((sandbox) => {
            const error = actionErrors[sandbox.name];
            return (
              <Fragment key={sandbox.id}>
                <SandboxRow sandbox={sandbox} {...props} onRemove={setRemoving} />
                {error !== undefined && (
                  <tr>
                    <td colSpan={7}>
                      <ErrorNotice
                        {...describeError(error)}
                        onDismiss={() => {
                          dismissActionError(sandbox.name);
                        }}
                      />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {removing !== undefined && (
        <RemoveDialog
          sandbox={removing}
          isOpen
          onClose={() => {
            setRemoving(undefined);
          }}
        />
      )}
    </div>
  );
}

/** A row alone is drawn anew when its sandbox changes, not all of hundreds. */
const SandboxRow = memo(function SandboxRow(
  props: SandboxTableProps & {
    readonly sandbox: Sandbox;
    readonly onRemove: (sandbox: Sandbox) => void;
  },
) {
  const { connection } = useBridge();
  const { sandbox, sandboxHref, onTerminal, onRemove } = props;
  const { name, state, config } = sandbox;
  const pending = useStore(sandboxStore, (store) => store.pending[name]);
  const isBusy = pending !== undefined || state === 'creating' || state === 'stopping';
  return (
    <tr>
      <td>
        <StateMark state={state} />
      </td>
      <th scope="row" className="sandbox-name">
        <a href={sandboxHref(name)}>{name}</a>
      </th>
      <td className="mono">{config.image}</td>
      <td>
        {plural(config.cpus, 'CPU')} · {formatMiB(config.memoryMiB)}
      </td>
      <td>{describeNetwork(config.network)}</td>
      <td>
        <Ago atMs={sandbox.createdAtMs} />
      </td>
      <td className="table-actions">
        <div>
          <IconButton
            icon={SquareTerminal}
            label={`Open terminal in ${name}`}
            disabled={state !== 'running'}
            onClick={() => {
              onTerminal(sandbox);
            }}
          />
          {isAlive(state) ? (
            <IconButton
              icon={Square}
              iconClassName="icon-solid"
              label={`Stop ${name}`}
              disabled={isBusy || state !== 'running'}
              onClick={() => {
                void actOnSandbox(connection.client, sandbox, 'stop');
              }}
            />
          ) : (
            <IconButton
              icon={Play}
              label={`Start ${name}`}
              disabled={isBusy}
              onClick={() => {
                void actOnSandbox(connection.client, sandbox, 'start');
              }}
            />
          )}
          <IconButton
            icon={Trash2}
            label={`Remove ${name}`}
            disabled={pending !== undefined}
            onClick={() => {
              onRemove(sandbox);
            }}
          />
        </div>
      </td>
    </tr>
  );
});
