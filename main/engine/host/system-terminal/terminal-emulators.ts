/** Terminal emulators, in the order in which they are tried, and how each is given a command. Pure. */
import path from 'node:path';

/** What comes between an emulator and the command that it runs, by the emulator's manual. */
const beforeCommand: Readonly<Record<string, readonly string[]>> = {
  // The user's choice in the desktop, by the proposed Default Terminal Execution Specification.
  'xdg-terminal-exec': [],
  // The administrator's choice: Debian policy 11.8.3.
  'x-terminal-emulator': ['-e'],
  'gnome-terminal': ['--'],
  konsole: ['-e'],
  // Its `-e` takes one string and splits it as a shell does.
  'xfce4-terminal': ['-x'],
  kitty: [],
  alacritty: ['-e'],
  wezterm: ['start', '--'],
  foot: [],
  // Its `-x` takes one string.
  ptyxis: ['--'],
  ghostty: ['-e'],
  xterm: ['-e'],
};

/** Names of the emulators that are looked for where none is set, the preferred ones first. */
export const knownEmulators: readonly string[] = Object.keys(beforeCommand);

/** Of an emulator that is not known: xterm's way, which most others understand as well. */
const usual: readonly string[] = ['-e'];

/**
 * The arguments with which an emulator opens a window that runs `command`, word by word and without
 * a shell.
 * @param emulator name or path of the emulator
 */
export function emulatorArguments(emulator: string, command: readonly string[]): string[] {
  const name = path.basename(emulator);
  const before = Object.hasOwn(beforeCommand, name) ? beforeCommand[name] : undefined;
  return [...(before ?? usual), ...command];
}
