/** How terminals look and behave in this window; kept in the browser, not by the host process. */
import { z } from 'zod';
import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { maxEmulatorLength } from '../../../main/contract/system-terminal.ts';

/** Palettes that can be chosen; `window` is light or dark as the window is. */
const terminalPaletteNames = [
  'window',
  'light',
  'dark',
  'contrast-light',
  'contrast-dark',
  'solarized-light',
  'solarized-dark',
] as const;

const settingsSchema = z.object({
  /** CSS font families; empty: the window's monospace. */
  fontFamily: z.string().max(200).catch(''),
  fontSizePx: z.number().min(6).max(40).catch(13),
  lineHeight: z.number().min(1).max(2).catch(1.15),
  cursorStyle: z.enum(['block', 'bar', 'underline']).catch('block'),
  isCursorBlinking: z.boolean().catch(false),
  palette: z.enum(terminalPaletteNames).catch('window'),
  scrollbackLines: z.int().min(0).max(100_000).catch(10_000),
  warnsOfPaste: z.boolean().catch(true),
  /** What happens when a program sets the clipboard (OSC 52). It is never read. */
  clipboardWrites: z.enum(['ask', 'allow', 'deny']).catch('ask'),
  copiesOnSelect: z.boolean().catch(false),
  /** Ctrl+C copies where something is selected, and interrupts otherwise. */
  copiesWithCtrlC: z.boolean().catch(false),
  /** Name or path of the desktop's emulator; empty: the host process finds one. */
  systemTerminal: z.string().max(maxEmulatorLength).catch(''),
  bell: z.enum(['none', 'visual']).catch('visual'),
});

/** See the fields of the schema. */
export type TerminalSettings = z.infer<typeof settingsSchema>;

/** What applies where nothing was set. */
export const defaultTerminalSettings: TerminalSettings = settingsSchema.parse({});

/** Smallest and largest value of what can be set by number. */
export const terminalSettingRanges = {
  fontSizePx: { min: 6, max: 40, step: 1 },
  lineHeight: { min: 1, max: 2, step: 0.05 },
  scrollbackLines: { min: 0, max: 100_000, step: 1_000 },
} as const;

/** Makes a store over a storage of the browser's kind; what makes no sense in it counts as unset. */
export function createTerminalSettingsStore(storage: () => Storage) {
  return createStore<TerminalSettings>()(
    persist((): TerminalSettings => defaultTerminalSettings, {
      name: 'skerry.terminal-settings',
      version: 1,
      storage: createJSONStorage(storage),
      merge: (kept) => settingsSchema.parse(kept ?? {}),
    }),
  );
}

/** The window's settings of terminals. */
export const terminalSettingsStore = createTerminalSettingsStore(() => localStorage);

/** Makes the text larger or smaller by some pixels; 0 sets it to what it is by default. */
export function zoomText(byPx: number, store = terminalSettingsStore): void {
  const { min, max } = terminalSettingRanges.fontSizePx;
  store.setState(({ fontSizePx }) => ({
    fontSizePx:
      byPx === 0
        ? defaultTerminalSettings.fontSizePx
        : Math.max(min, Math.min(max, fontSizePx + byPx)),
  }));
}
