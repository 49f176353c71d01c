import { Play, Square, SquareTerminal, StepForward, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { Ago } from '../../../ui/time.tsx';
import { actOnSandbox } from '../sandbox-actions.ts';
import { sandboxStore } from '../sandbox-store.ts';
import { canDo, isAlive, wayOn } from '../state-rules.ts';
import { StateMark } from '../state-mark.tsx';
import { PortLinks } from '../port-links.tsx';
import { UsageCells } from './usage-cells.tsx';

/** Props of {@link SandboxRow}. */
export interface SandboxRowProps {
  readonly sandbox: Sandbox;
  /** Among the rows of the table, its head included, from 1. */
  readonly rowIndex: number;
  readonly isSelected: boolean;
  readonly onSelect: (id: string, isRange: boolean) => void;
  readonly sandboxHref: (name: string) => string;
  readonly onTerminal: (sandbox: Sandbox) => void;
  readonly onRemove: (sandbox: Sandbox) => void;
}

/** One sandbox; drawn anew when it changes, not when another one of hundreds does. */
export const SandboxRow = memo(function SandboxRow(props: SandboxRowProps) {
  const { sandbox, rowIndex, isSelected, onSelect, sandboxHref } = props;
  const { id, name, state, config, createdAtMs } = sandbox;
  const { t } = useTranslation('sandboxes');
  return (
    <tr
      data-id={id}
      aria-rowindex={rowIndex}
      className={isSelected ? 'sandbox-row sandbox-row-selected' : 'sandbox-row'}
    >
      <td className="sandbox-check">
        <input
          type="checkbox"
          aria-label={t('select', { name })}
          checked={isSelected}
          onChange={() => undefined}
          onClick={({ shiftKey }) => {
            onSelect(id, shiftKey);
          }}
        />
      </td>
      <td className="sandbox-state">
        <StateMark state={state} />
      </td>
      <th scope="row" className="sandbox-name">
        <a href={sandboxHref(name)} title={name}>
          {name}
        </a>
      </th>
      <td className="mono sandbox-image" title={config.image}>
        {config.image}
      </td>
      <UsageCells sandbox={sandbox} />
      <td className="sandbox-ports">
        <PortLinks ports={config.network.ports} isOpen={state === 'running'} />
      </td>
      <td className="sandbox-created">
        <Ago atMs={createdAtMs} />
      </td>
      <td className="table-actions sandbox-buttons">
        <RowButtons {...props} />
      </td>
    </tr>
  );
});

function RowButtons(props: Pick<SandboxRowProps, 'sandbox' | 'onTerminal' | 'onRemove'>) {
  const { sandbox, onTerminal, onRemove } = props;
  const { name, state } = sandbox;
  const { t } = useTranslation('sandboxes');
  const { connection } = useBridge();
  const pending = useStore(sandboxStore, (store) => store.pending[name]);
  const isBusy = pending !== undefined;
  const on = wayOn(state);
  const begin = on ?? (isAlive(state) ? undefined : 'start');
  return (
    <div>
      <IconButton
        icon={SquareTerminal}
        label={t('openTerminal', { name })}
        disabled={state !== 'running'}
        onClick={() => {
          onTerminal(sandbox);
        }}
      />
      {begin === undefined ? (
        <IconButton
          icon={Square}
          iconClassName="icon-solid"
          label={t('stopOne', { name })}
          disabled={isBusy || !canDo(state, 'stop')}
          onClick={() => {
            void actOnSandbox(connection.client, sandbox, 'stop');
          }}
        />
      ) : (
        <IconButton
          icon={on === undefined ? Play : StepForward}
          label={t(on === undefined ? 'startOne' : 'resumeOne', { name })}
          disabled={isBusy}
          onClick={() => {
            void actOnSandbox(connection.client, sandbox, begin);
          }}
        />
      )}
      <IconButton
        icon={Trash2}
        label={t('removeOne', { name })}
        disabled={pending !== undefined}
        onClick={() => {
          onRemove(sandbox);
        }}
      />
    </div>
  );
}
