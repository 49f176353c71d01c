import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { sandboxStore, type SandboxesState } from '../features/sandboxes/sandbox-store.ts';
import { settingsStore } from '../features/settings/settings-store.ts';
import { useSeenTheme } from '../features/settings/use-seen-theme.ts';
import { TerminalPanel } from '../features/terminals/terminal-panel.tsx';

/** The panel of terminals, told which sandboxes run. The rest of the window is not drawn with it. */
export function Terminals() {
  const running = useStore(sandboxStore, useShallow(selectRunning));
  const isReadAloud = useStore(settingsStore, (state) => state.readTerminalsAloud);
  const theme = useSeenTheme();
  const look = useMemo(() => ({ theme, isReadAloud }), [theme, isReadAloud]);
  const targets = useMemo(
    () => running.map(({ name, config }) => ({ name, shell: config.shell })),
    [running],
  );
  return <TerminalPanel targets={targets} look={look} />;
}

function selectRunning({ sandboxes }: SandboxesState) {
  return sandboxes.filter(({ state }) => state === 'running');
}
