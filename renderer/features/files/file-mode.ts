/** Permission bits as people read and type them (POSIX, `ls -l` and `chmod`). Pure. */
import type { FileEntry } from '../../../main/contract/files.ts';

const kindLetters: Readonly<Record<FileEntry['kind'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
};

/** setuid, setgid, sticky. */
export const specialBits = { setuid: 0o4000, setgid: 0o2000, sticky: 0o1000 } as const;

/** `drwxr-xr-x`, with `s` and `t` for the special bits. */
export function formatMode(kind: FileEntry['kind'], mode: number): string {
  const triplet = (shift: number, special: number, letter: string) => {
    const bits = mode >> shift;
    const isSpecial = (mode & special) !== 0;
    const canExecute = (bits & 1) !== 0;
    const last = isSpecial ? (canExecute ? letter : letter.toUpperCase()) : canExecute ? 'x' : '-';
    return `${(bits & 4) !== 0 ? 'r' : '-'}${(bits & 2) !== 0 ? 'w' : '-'}${last}`;
  };
  const { setuid, setgid, sticky } = specialBits;
  return `${kindLetters[kind]}${triplet(6, setuid, 's')}${triplet(3, setgid, 's')}${triplet(0, sticky, 't')}`;
}

/** `0755`, `4755`: four octal digits. */
export function formatOctal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** A mode in octal, of one to four digits; undefined where it is none. */
export function parseOctal(text: string): number | undefined {
  return /^[0-7]{1,4}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** The mode with a bit turned on or off. */
export function withBit(mode: number, bit: number, isSet: boolean): number {
  return isSet ? mode | bit : mode & ~bit;
}

/** Whether a directory of this mode can be entered by nobody but root. */
export function locksDirectories(mode: number): boolean {
  return (mode & 0o100) === 0;
}
