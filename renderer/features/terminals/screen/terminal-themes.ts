import type { ITheme } from '@xterm/xterm';
import type { TerminalSettings } from '../terminal-settings.ts';

/** Names of the palettes; that of the window is one of the first two. */
type PaletteName = Exclude<TerminalSettings['palette'], 'window'>;

/** Whether the ground is light or dark. */
type Ground = 'light' | 'dark';

/** Of Solarized; xterm.js raises what would be too faint to read. */
const solarizedColours: ITheme = {
  ...{ black: '#073642', red: '#dc322f', green: '#859900', yellow: '#b58900' },
  ...{ blue: '#268bd2', magenta: '#d33682', cyan: '#2aa198', white: '#eee8d5' },
  ...{ brightBlack: '#586e75', brightRed: '#cb4b16', brightGreen: '#859900' },
  ...{ brightYellow: '#657b83', brightBlue: '#839496', brightMagenta: '#6c71c4' },
  ...{ brightCyan: '#93a1a1', brightWhite: '#fdf6e3' },
};

/** Colours of the palettes; the sixteen are readable on the ground. */
const palettes: Readonly<Record<PaletteName, ITheme>> = {
  light: {
    background: '#ffffff',
    foreground: '#15181c',
    cursor: '#15181c',
    cursorAccent: '#ffffff',
    selectionBackground: '#bcd9f2',
    selectionInactiveBackground: '#d3e4f3',
    black: '#15181c',
    red: '#b9222b',
    green: '#177a3f',
    yellow: '#855300',
    blue: '#1065a8',
    magenta: '#8a3aa8',
    cyan: '#0b7285',
    white: '#626b75',
    brightBlack: '#4b535c',
    brightRed: '#cf3640',
    brightGreen: '#1c8a48',
    brightYellow: '#946000',
    brightBlue: '#2176bb',
    brightMagenta: '#9a4bb8',
    brightCyan: '#147f93',
    brightWhite: '#32383f',
  },
  dark: {
    background: '#121417',
    foreground: '#e6e9ec',
    cursor: '#e6e9ec',
    cursorAccent: '#121417',
    selectionBackground: '#2b4a66',
    selectionInactiveBackground: '#2b3f52',
    black: '#3a4149',
    red: '#ff8f8a',
    green: '#5fcf86',
    yellow: '#e5b454',
    blue: '#6db3f2',
    magenta: '#d39bf0',
    cyan: '#62c8d8',
    white: '#d5dae0',
    brightBlack: '#8b949e',
    brightRed: '#ffb0ac',
    brightGreen: '#8be0a8',
    brightYellow: '#f2cd85',
    brightBlue: '#9acbf7',
    brightMagenta: '#e3bff6',
    brightCyan: '#93dde8',
    brightWhite: '#ffffff',
  },
  'contrast-light': {
    ...{ background: '#ffffff', foreground: '#000000', cursor: '#000000', cursorAccent: '#ffffff' },
    ...{ selectionBackground: '#9ecbff', selectionInactiveBackground: '#c4dfff' },
    ...{ black: '#000000', red: '#8a0000', green: '#005a1f', yellow: '#5c3a00' },
    ...{ blue: '#00408a', magenta: '#660080', cyan: '#00525e', white: '#404040' },
    ...{ brightBlack: '#303030', brightRed: '#a00000', brightGreen: '#006b25' },
    ...{ brightYellow: '#6b4500', brightBlue: '#004fa8', brightMagenta: '#780096' },
    ...{ brightCyan: '#00616f', brightWhite: '#1a1a1a' },
  },
  'contrast-dark': {
    ...{ background: '#000000', foreground: '#ffffff', cursor: '#ffff00', cursorAccent: '#000000' },
    ...{ selectionBackground: '#1f5fa8', selectionInactiveBackground: '#2b4a6e' },
    ...{ black: '#5a5a5a', red: '#ff9b9b', green: '#7dff9b', yellow: '#ffe45c' },
    ...{ blue: '#8cc8ff', magenta: '#ffa8ff', cyan: '#7df3ff', white: '#ffffff' },
    ...{ brightBlack: '#bdbdbd', brightRed: '#ffc2c2', brightGreen: '#b0ffc4' },
    ...{ brightYellow: '#fff3a6', brightBlue: '#bfe1ff', brightMagenta: '#ffd0ff' },
    ...{ brightCyan: '#b8f9ff', brightWhite: '#ffffff' },
  },
  'solarized-light': {
    ...{ background: '#fdf6e3', foreground: '#586e75', cursor: '#586e75', cursorAccent: '#fdf6e3' },
    ...{ selectionBackground: '#e0d8b8', selectionInactiveBackground: '#eee8d5' },
    ...solarizedColours,
  },
  'solarized-dark': {
    ...{ background: '#002b36', foreground: '#93a1a1', cursor: '#93a1a1', cursorAccent: '#002b36' },
    ...{ selectionBackground: '#17505e', selectionInactiveBackground: '#073642' },
    ...solarizedColours,
  },
};

/** How matches of a search are marked. */
const matchColours = {
  light: {
    matchBackground: '#fbe3a8',
    matchOverviewRuler: '#b98900',
    activeMatchBackground: '#f5b83d',
    activeMatchColorOverviewRuler: '#855300',
  },
  dark: {
    matchBackground: '#5a4718',
    matchOverviewRuler: '#b98900',
    activeMatchBackground: '#a87a14',
    activeMatchColorOverviewRuler: '#e5b454',
  },
} as const;

/** The colours of a palette, in a window of this theme. */
export function terminalTheme(palette: TerminalSettings['palette'], window: Ground): ITheme {
  return palettes[palette === 'window' ? window : palette];
}

/** How matches of a search are marked on the ground of a palette. */
export function searchColours(palette: TerminalSettings['palette'], window: Ground) {
  if (palette === 'window') return matchColours[window];
  return matchColours[palette.endsWith('dark') ? 'dark' : 'light'];
}
