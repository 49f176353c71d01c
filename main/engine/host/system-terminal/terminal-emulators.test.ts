import { expect, it } from 'vitest';
import { emulatorArguments, knownEmulators } from './terminal-emulators.ts';

const command = ['/opt/skerry', 'shell', 'web'];

it.each([
  ['xdg-terminal-exec', []],
  ['x-terminal-emulator', ['-e']],
  ['gnome-terminal', ['--']],
  ['konsole', ['-e']],
  ['xfce4-terminal', ['-x']],
  ['kitty', []],
  ['alacritty', ['-e']],
  ['wezterm', ['start', '--']],
  ['foot', []],
  ['ptyxis', ['--']],
  ['ghostty', ['-e']],
  ['xterm', ['-e']],
  // Unknown ones, also by names that every object has.
  ['st', ['-e']],
  ['constructor', ['-e']],
])('gives %s its command word by word, after %j', (emulator, before) => {
  expect(emulatorArguments(emulator, command)).toEqual([...before, ...command]);
  expect(emulatorArguments(`/usr/local/bin/${emulator}`, command)).toEqual([...before, ...command]);
});

it('asks the desktop before it tries emulators by name', () => {
  expect(knownEmulators.slice(0, 2)).toEqual(['xdg-terminal-exec', 'x-terminal-emulator']);
  expect(knownEmulators).toHaveLength(12);
});
