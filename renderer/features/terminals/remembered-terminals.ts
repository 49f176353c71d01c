/** Terminals over a reload of the page: which sessions this window had opened. */
import { z } from 'zod';
import type { SkerryClient } from '../../bridge/connection.ts';
import {
  defaultPanelHeightPx,
  openTerminal,
  terminalStore,
  type TerminalStore,
} from './terminal-store.ts';

const storageKey = 'skerry.terminals';

const rememberedSchema = z.object({
  heightPx: z.number().default(defaultPanelHeightPx),
  terminals: z.array(z.object({ sandbox: z.string(), shell: z.string(), sessionId: z.string() })),
});

type Remembered = z.infer<typeof rememberedSchema>;

/** Writes down which sessions the tabs show, from now on. */
export function rememberTerminals(storage: Storage, store: TerminalStore = terminalStore): void {
  let written = '';
  store.subscribe(({ tabs, heightPx }) => {
    const terminals = tabs.flatMap(({ sandbox, title, sessionId, phase }) =>
      sessionId === undefined || phase.kind === 'exited' || phase.kind === 'failed'
        ? []
        : [{ sandbox, shell: title.slice(sandbox.length + 2), sessionId }],
    );
    const text = JSON.stringify({ heightPx, terminals } satisfies Remembered);
    if (text === written) return;
    written = text;
    storage.setItem(storageKey, text);
  });
}

/** Opens a tab for each session of an earlier page that still runs. */
export async function restoreTerminals(
  client: Pick<SkerryClient, 'sandboxes'>,
  storage: Storage,
  store: TerminalStore = terminalStore,
): Promise<void> {
  const { heightPx, terminals } = read(storage);
  store.setState({ heightPx });
  const names = [...new Set(terminals.map(({ sandbox }) => sandbox))];
  const lists = await Promise.all(
    // A sandbox that is gone by now has no sessions.
    names.map((name) => client.sandboxes.sessions({ name }).catch(() => [])),
  );
  const running = new Set(lists.flat().flatMap(({ id, exit }) => (exit === undefined ? [id] : [])));
  for (const terminal of terminals) {
    if (running.has(terminal.sessionId)) openTerminal(terminal, false, store);
  }
}

function read(storage: Storage): Remembered {
  try {
    return rememberedSchema.parse(JSON.parse(storage.getItem(storageKey) ?? ''));
  } catch {
    return { heightPx: defaultPanelHeightPx, terminals: [] };
  }
}
