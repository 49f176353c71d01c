import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { useBridge } from '../bridge/bridge-context.tsx';
import { sandboxStore, type SandboxesState } from '../features/sandboxes/sandbox-store.ts';
import { settingsStore } from '../features/settings/settings-store.ts';
import { useSeenTheme } from '../features/settings/use-seen-theme.ts';
import type { Standstill } from '../features/terminals/standstill.ts';
import { TerminalPanel } from '../features/terminals/terminal-panel.tsx';
import { goOn } from './go-on.ts';

/** The panel of terminals, told which sandboxes run. The rest of the window is not drawn with it. */
export function Terminals() {
  const { client } = useBridge().connection;
  const running = useStore(sandboxStore, useShallow(selectRunning));
  const byName = useStore(sandboxStore, useShallow(selectStandstills));
  const isReadAloud = useStore(settingsStore, (state) => state.readTerminalsAloud);
  const theme = useSeenTheme();
  const look = useMemo(() => ({ theme, isReadAloud }), [theme, isReadAloud]);
  const targets = useMemo(
    () => running.map(({ name, config }) => ({ name, shell: config.shell })),
    [running],
  );
  const standstills = useMemo(
    () => ({
      byName,
      onGoOn: (name: string) => {
        goOn(client, name);
      },
    }),
    [byName, client],
  );
  return <TerminalPanel targets={targets} look={look} standstills={standstills} />;
}

function selectRunning({ sandboxes }: SandboxesState) {
  return sandboxes.filter(({ state }) => state === 'running');
}

function selectStandstills({ sandboxes }: SandboxesState): Readonly<Record<string, Standstill>> {
  return Object.fromEntries(
    sandboxes.flatMap(({ name, state }) =>
      state === 'paused' || state === 'suspending' || state === 'suspended'
        ? [[name, state] as const]
        : [],
    ),
  );
}
