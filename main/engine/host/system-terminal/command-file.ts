/** A command as a file that Terminal of macOS opens: it takes no command line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A written file. */
export interface CommandFile {
  readonly path: string;
  /** For a file that nothing has opened. */
  remove(): Promise<void>;
}

/**
 * Writes a script that runs `command` and removes itself first, in a folder of its own that nobody
 * else may enter.
 * @param dir a private directory that is there
 */
export async function writeCommandFile(
  dir: string,
  command: readonly string[],
): Promise<CommandFile> {
  const folder = await mkdtemp(path.join(dir, 'terminal-'));
  const file = path.join(folder, 'Skerry.command');
  const lines = [
    '#!/bin/sh',
    `rm -f -- ${quote(file)}`,
    `rmdir -- ${quote(folder)}`,
    `exec ${command.map(quote).join(' ')}`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o700, flag: 'wx' });
  return { path: file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** One word of a POSIX shell, whatever is in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
