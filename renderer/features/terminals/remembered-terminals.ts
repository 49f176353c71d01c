/** Terminals over a reload or the closing of the window: where each session was, also one that has ended. */
import { z } from 'zod';
import { terminalsOf, type LayoutNode } from './model/layout.ts';
import type { TerminalTab } from './model/panel-model.ts';
import { newTerminal, type Terminal } from './model/terminal.ts';
import { defaultPanelHeightPx, terminalStore, type TerminalStore } from './terminal-store.ts';

const storageKey = 'skerry.terminals';
/** Splits deeper than any that can be made by hand are not read. */
const maxDepth = 24;

const layoutSchema: z.ZodType<LayoutNode> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('leaf'), terminalId: z.string() }),
    z
      .object({
        kind: z.literal('split'),
        id: z.string(),
        direction: z.enum(['row', 'column']),
        children: z.array(layoutSchema).min(2),
        sizes: z.array(z.number().positive()),
      })
      .refine(({ children, sizes }) => children.length === sizes.length),
  ]),
);

const rememberedSchema = z.object({
  version: z.literal(2),
  heightPx: z.number(),
  isOpen: z.boolean(),
  isMaximised: z.boolean(),
  activeTabId: z.string().optional(),
  terminals: z.array(
    z.object({
      id: z.string(),
      sandbox: z.string(),
      command: z.string(),
      programTitle: z.string().optional(),
      sessionId: z.string().optional(),
    }),
  ),
  tabs: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      layout: layoutSchema,
      focusedId: z.string(),
    }),
  ),
});

type Remembered = z.infer<typeof rememberedSchema>;

/** Writes down where the terminals are, from now on. */
export function rememberTerminals(
  storage: Pick<Storage, 'setItem'>,
  store: TerminalStore = terminalStore,
): void {
  let written = '';
  store.subscribe((state) => {
    const { heightPx, isOpen, isMaximised, activeTabId } = state;
    const remembered = {
      version: 2,
      ...{ heightPx, isOpen, isMaximised },
      ...(activeTabId !== undefined && { activeTabId }),
      terminals: Object.values(state.terminals).map(
        ({ id, sandbox, command, programTitle, sessionId }) => ({
          ...{ id, sandbox, command },
          ...(programTitle !== undefined && { programTitle }),
          ...(sessionId !== undefined && { sessionId }),
        }),
      ),
      tabs: state.tabs.map(({ id, name, layout, focusedId }) => ({
        ...{ id, layout, focusedId },
        ...(name !== undefined && { name }),
      })),
    } satisfies Remembered;
    const text = JSON.stringify(remembered);
    if (text === written) return;
    written = text;
    storage.setItem(storageKey, text);
  });
}

/**
 * Puts the terminals of an earlier page back where they were, each to be attached to its session.
 * One whose shell had not begun has nothing to come back to, and is offered to be restarted.
 */
export function restoreTerminals(
  storage: Pick<Storage, 'getItem'>,
  store: TerminalStore = terminalStore,
): void {
  const remembered = read(storage);
  if (remembered === undefined) return;
  const terminals: Record<string, Terminal> = {};
  for (const { id, sandbox, command, programTitle, sessionId } of remembered.terminals) {
    terminals[id] = {
      ...newTerminal({ sandbox, shell: command, sessionId }, id),
      programTitle,
      phase: { kind: sessionId === undefined ? 'gone' : 'opening' },
    };
  }
  const taken = new Set<string>();
  const tabs = remembered.tabs.flatMap(({ id, name, layout, focusedId }): TerminalTab[] => {
    const inside = terminalsOf(layout);
    // Each terminal is in one place alone; a layout for which this is not so was not ours.
    const isSound = inside.every((one) => terminals[one] !== undefined && !taken.has(one));
    if (!isSound || new Set(inside).size < inside.length || depthOf(layout) > maxDepth) return [];
    for (const one of inside) taken.add(one);
    const focused = inside.includes(focusedId) ? focusedId : (inside[0] ?? focusedId);
    return [{ id, name, layout, focusedId: focused, isBroadcasting: false }];
  });
  const isActive = tabs.some(({ id }) => id === remembered.activeTabId);
  const { heightPx, isOpen, isMaximised } = remembered;
  store.setState({
    terminals: Object.fromEntries(Object.entries(terminals).filter(([id]) => taken.has(id))),
    tabs,
    activeTabId: isActive ? remembered.activeTabId : tabs[0]?.id,
    heightPx: Number.isFinite(heightPx) ? heightPx : defaultPanelHeightPx,
    isOpen: isOpen && tabs.length > 0,
    isMaximised,
  });
}

function depthOf(layout: LayoutNode): number {
  return layout.kind === 'leaf' ? 0 : 1 + Math.max(...layout.children.map(depthOf));
}

function read(storage: Pick<Storage, 'getItem'>): Remembered | undefined {
  try {
    return rememberedSchema.parse(JSON.parse(storage.getItem(storageKey) ?? ''));
  } catch {
    return undefined;
  }
}
