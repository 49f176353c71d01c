import {
  Camera,
  Copy,
  CopyPlus,
  Download,
  EllipsisVertical,
  ExternalLink,
  GitBranch,
  Layers,
  Moon,
  Pause,
  Pencil,
  Play,
  Power,
  RotateCw,
  Square,
  SquareTerminal,
  StepForward,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { formatCommandLine } from '../../../main/contract/config/command-line.ts';
import { formatConfigYaml } from '../../../main/contract/config/config-text.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/clipboard.ts';
import { ActionMenu, type MenuEntry } from '../../ui/menu.tsx';
import { saveText } from '../../ui/save-text.ts';
import { DuplicateDialog } from './duplicate-dialog.tsx';
import { MemoryLossDialog } from './memory-loss-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { actOnSandbox } from './sandbox-actions.ts';
import { sandboxStore } from './sandbox-store.ts';
import { canDo, isAlive, wayOn, type SandboxAction } from './state-rules.ts';

/** What the buttons of a sandbox's page lead to. */
export interface SandboxWays {
  readonly onTerminal: (sandbox: Sandbox) => void;
  /** Opens a shell of it outside of the window. */
  readonly onSystemTerminal: (sandbox: Sandbox) => void;
  /** The sandbox was removed from here, and the page has nothing left to show. */
  readonly onRemoved: () => void;
  readonly onEdit: () => void;
  readonly onDuplicated: (operation: Operation) => void;
  /** Asks for the name of the image that it becomes. */
  readonly onSaveAsImage: () => void;
  /** Asks for the name of a snapshot. */
  readonly onSnapshot: () => void;
  /** Asks for the names of the sandboxes that go on from it. */
  readonly onBranch: () => void;
}

/** What is asked before it is done. */
type Question = 'remove' | 'duplicate' | 'stop' | 'startFromDisk';

/** All that can be done to a sandbox from its page: the way on first, the rest behind More. */
export function SandboxButtons(props: SandboxWays & { readonly sandbox: Sandbox }) {
  const { connection } = useBridge();
  const { t } = useTranslation('sandboxes');
  const { sandbox, onTerminal, onRemoved } = props;
  const { name, state } = sandbox;
  const pending = useStore(sandboxStore, (store) => store.pending[name]);
  const [question, setQuestion] = useState<Question>();
  const isBusy = pending !== undefined;
  const on = wayOn(state);
  const act = (action: SandboxAction) => () => {
    void actOnSandbox(connection.client, sandbox, action);
  };
  const isOpen = (one: Question) => question === one;
  const close = () => {
    setQuestion(undefined);
  };
  return (
    <>
      {on !== undefined && (
        <Button icon={StepForward} variant="primary" disabled={isBusy} onClick={act(on)}>
          {t('resume')}
        </Button>
      )}
      {isAlive(state) || on !== undefined ? (
        <Button
          icon={Square}
          iconClassName="icon-solid"
          disabled={isBusy || !canDo(state, 'stop')}
          onClick={
            state === 'suspended'
              ? () => {
                  setQuestion('stop');
                }
              : act('stop')
          }
        >
          {wordOfStop()}
        </Button>
      ) : (
        <Button icon={Play} disabled={isBusy} onClick={act('start')}>
          {t('start')}
        </Button>
      )}
      <Button
        icon={RotateCw}
        disabled={isBusy || !canDo(state, 'restart')}
        onClick={act('restart')}
      >
        {t('restart')}
      </Button>
      <SandboxMenu {...props} isBusy={isBusy} act={act} onAsk={setQuestion} />
      <Button
        icon={SquareTerminal}
        // One way on at a time: of what stands still that is to resume it.
        {...(on === undefined ? { variant: 'primary' as const } : {})}
        disabled={state !== 'running'}
        onClick={() => {
          onTerminal(sandbox);
        }}
      >
        {t('terminal')}
      </Button>
      <DuplicateDialog
        sandbox={sandbox}
        isOpen={isOpen('duplicate')}
        onClose={close}
        onDuplicated={props.onDuplicated}
      />
      <RemoveDialog
        sandbox={sandbox}
        onRemoved={onRemoved}
        isOpen={isOpen('remove')}
        onClose={close}
      />
      {(['stop', 'startFromDisk'] as const).map((action) => (
        <MemoryLossDialog
          key={action}
          sandbox={sandbox}
          action={action}
          isOpen={isOpen(action)}
          onClose={close}
        />
      ))}
    </>
  );

  function wordOfStop(): string {
    if (state === 'stopping' || pending === 'stop') return t('stopping');
    return state === 'suspending' || pending === 'suspend' ? t('suspending') : t('stop');
  }
}

function SandboxMenu(
  props: SandboxWays & {
    readonly sandbox: Sandbox;
    readonly isBusy: boolean;
    readonly act: (action: SandboxAction) => () => void;
    readonly onAsk: (question: Question) => void;
  },
) {
  const { t } = useTranslation('sandboxes');
  const { sandbox, isBusy, act, onAsk } = props;
  const { name, state, config, id } = sandbox;
  const isMade = state !== 'creating';
  const life: MenuEntry[] = [
    ...(state === 'paused'
      ? []
      : [
          {
            label: t('menu.pause'),
            icon: Pause,
            isDisabled: isBusy || !canDo(state, 'pause'),
            onSelect: act('pause'),
          },
        ]),
    state === 'suspended'
      ? {
          label: t('menu.startFromDisk'),
          icon: Power,
          isDangerous: true,
          isDisabled: isBusy,
          onSelect: () => {
            onAsk('startFromDisk');
          },
        }
      : {
          label: t('menu.suspend'),
          icon: Moon,
          isDisabled: isBusy || !canDo(state, 'suspend'),
          onSelect: act('suspend'),
        },
    {
      label: t('menu.snapshot'),
      icon: Camera,
      isDisabled: !isMade,
      onSelect: props.onSnapshot,
    },
    { label: t('menu.branch'), icon: GitBranch, isDisabled: !isMade, onSelect: props.onBranch },
  ];
  return (
    <ActionMenu
      trigger={<IconButton icon={EllipsisVertical} label={t('more')} />}
      entries={[
        ...life,
        {
          label: t('menu.systemTerminal'),
          icon: ExternalLink,
          isDisabled: state !== 'running',
          onSelect: () => {
            props.onSystemTerminal(sandbox);
          },
        },
        { label: t('menu.edit'), icon: Pencil, isDisabled: !isMade, onSelect: props.onEdit },
        {
          label: t('menu.duplicate'),
          icon: CopyPlus,
          isDisabled: !isMade,
          onSelect: () => {
            onAsk('duplicate');
          },
        },
        {
          label: t('menu.saveAsImage'),
          icon: Layers,
          // A directory or disk is no image that a layer could lie above.
          isDisabled: !isMade || sandbox.root?.kind !== 'image',
          onSelect: props.onSaveAsImage,
        },
        {
          label: t('menu.exportYaml'),
          icon: Download,
          onSelect: () => {
            saveText(`${name}.yaml`, formatConfigYaml(config));
          },
        },
        {
          label: t('menu.copyCommandLine'),
          icon: Copy,
          onSelect: () => void copyText(formatCommandLine(config)),
        },
        {
          label: t('menu.copyYaml'),
          icon: Copy,
          onSelect: () => void copyText(formatConfigYaml(config)),
        },
        { label: t('menu.copyId'), icon: Copy, onSelect: () => void copyText(id) },
        {
          label: t('menu.remove'),
          icon: Trash2,
          isDangerous: true,
          isDisabled: isBusy,
          onSelect: () => {
            onAsk('remove');
          },
        },
      ]}
    />
  );
}
