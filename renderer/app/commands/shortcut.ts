/** Keys of commands: `Mod+K`, `Ctrl+Backquote`, `?`, `G S` (one after the other). Pure. */

/** Strokes parted by spaces; `Mod` is Cmd on a Mac and Ctrl elsewhere. */
export type Shortcut = string;

/** The part of a keyboard event that decides. */
export type KeyStroke = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'
>;

const modifiers = ['Mod', 'Ctrl', 'Alt', 'Shift'] as const;

interface Stroke {
  readonly key: string;
  readonly held: ReadonlySet<string>;
}

function parseStroke(text: string): Stroke {
  const parts = text.split('+');
  return { key: parts.at(-1) ?? '', held: new Set(parts.slice(0, -1)) };
}

/** Whether it is typed without Ctrl, Alt or Cmd, so that it must not act while somebody types. */
export function isPlain(shortcut: Shortcut): boolean {
  const { key, held } = parseStroke(shortcut.split(' ')[0] ?? '');
  return key.length === 1 && held.size === 0;
}

/** Whether a key is this stroke. */
export function isStroke(event: KeyStroke, text: string, isMac: boolean): boolean {
  const { key, held } = parseStroke(text);
  const { ctrlKey, metaKey, shiftKey, altKey } = event;
  const wantsCtrl = held.has('Ctrl') || (held.has('Mod') && !isMac);
  const wantsMeta = held.has('Mod') && isMac;
  if (ctrlKey !== wantsCtrl || metaKey !== wantsMeta || altKey !== held.has('Alt')) return false;
  // A character that needs Shift on some keyboards, such as `?`, is known by itself.
  const isSymbol = key.length === 1 && !/[A-Za-z]/.test(key);
  if (!isSymbol && shiftKey !== held.has('Shift')) return false;
  return event.code === key || event.key.toLowerCase() === key.toLowerCase();
}

/** Puts strokes together to commands; one for the window. */
export class StrokeReader<Command> {
  readonly #isMac: boolean;
  /** What the strokes before this one may go on to. */
  #begun: { readonly rest: readonly string[]; readonly command: Command }[] = [];
  #begunAtMs = 0;

  constructor(isMac: boolean) {
    this.#isMac = isMac;
  }

  /** The command that this key completes, among those that may be meant. */
  read(
    event: KeyStroke,
    commands: readonly { readonly shortcut: Shortcut; readonly command: Command }[],
    nowMs: number,
  ): Command | undefined {
    if (modifierKeys.has(event.key)) return undefined;
    const isLate = nowMs - this.#begunAtMs > sequenceMs;
    const candidates = [
      ...(isLate ? [] : this.#begun),
      ...commands.map(({ shortcut, command }) => ({ rest: shortcut.split(' '), command })),
    ];
    const taken = candidates.filter(({ rest: [next = ''] }) => isStroke(event, next, this.#isMac));
    this.#begun = taken
      .map(({ rest, command }) => ({ rest: rest.slice(1), command }))
      .filter(({ rest }) => rest.length > 0);
    this.#begunAtMs = nowMs;
    return taken.find(({ rest }) => rest.length === 1)?.command;
  }
}

const modifierKeys: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph']);
/** Longest pause between the strokes of one command. */
const sequenceMs = 1_500;

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };
const keySigns: Readonly<Record<string, string>> = {
  ...{ Backquote: '`', Plus: '+', PageUp: 'PgUp', PageDown: 'PgDn' },
  ...{ ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' },
};

/** What a key besides letters is called; Macs have signs. */
export type NameOfKey = (key: string) => string;

const ownName: NameOfKey = (key) => key;

/** A shortcut as keyboards of this platform write it, key by key: `[['Ctrl', 'K']]`. */
export function keysOf(shortcut: Shortcut, isMac: boolean, nameOfKey = ownName): string[][] {
  return shortcut.split(' ').map((stroke) => {
    const { key, held } = parseStroke(stroke);
    const signs = modifiers
      .filter((modifier) => held.has(modifier))
      .map((modifier) => {
        if (isMac) return macSigns[modifier] ?? modifier;
        return nameOfKey(modifier === 'Mod' ? 'Ctrl' : modifier);
      });
    return [...signs, keySigns[key] ?? nameOfKey(key)];
  });
}

/** A shortcut in one line: `Ctrl+K`, `⌘K`, `G S`. */
export function formatShortcut(shortcut: Shortcut, isMac: boolean, nameOfKey = ownName): string {
  return keysOf(shortcut, isMac, nameOfKey)
    .map((keys) => keys.join(isMac ? '' : '+'))
    .join(' ');
}
