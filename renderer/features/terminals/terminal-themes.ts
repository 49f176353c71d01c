import type { ITheme } from '@xterm/xterm';

/** Colours of the terminal in the window's two themes; the sixteen are readable on the ground. */
export const terminalThemes: Readonly<Record<'light' | 'dark', ITheme>> = {
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
};

/** How matches of a search are marked. */
export const searchColours = {
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
