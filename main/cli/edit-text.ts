import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { printable } from './format.ts';
import { write } from './output.ts';
import { readText } from './read-text.ts';
import { UsageError } from './exit-code.ts';

/**
 * Opens a text in the user's editor and hands on what was saved; an unchanged one does nothing.
 * Where `use` fails the file stays and is named, so that nothing that was written is lost.
 */
export async function editText<T>(
  text: string,
  fileName: string,
  use: (saved: string) => Promise<T>,
): Promise<T | undefined> {
  // Private: a configuration may hold what is for nobody else.
  const directory = await mkdtemp(path.join(os.tmpdir(), 'skerry-edit-'));
  const file = path.join(directory, fileName);
  let isKept = false;
  try {
    await writeFile(file, text, { mode: 0o600 });
    await runEditor(file);
    const saved = await readText(file);
    if (saved === text) return undefined;
    isKept = true;
    const result = await use(saved);
    isKept = false;
    return result;
  } catch (error) {
    if (isKept) await write(process.stderr, `skerry: Your text is kept in ${printable(file)}\n`);
    throw error;
  } finally {
    if (!isKept) await rm(directory, { recursive: true, force: true });
  }
}

/** The editor may be a command with arguments, which a shell takes apart. */
async function runEditor(file: string): Promise<void> {
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi';
  const child = spawn('/bin/sh', ['-c', `${editor} "$@"`, editor, file], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  throw new UsageError(
    `The editor "${editor}" ended with ${code === null ? 'a signal' : `code ${String(code)}`}; nothing is changed. Choose another with EDITOR.`,
  );
}
