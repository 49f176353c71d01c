/**
 * The files of a log: each begins with the sequence number in its name, the last one grows, and
 * the first ones make way.
 */
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** One file. */
export interface LogPart {
  readonly path: string;
  /** Of its first line. */
  readonly firstSequence: number;
}

const nameDigits = 15;
const namePattern = /^(\d{15})\.jsonl$/;

/** The file that begins with this line. */
export function logPart(dir: string, firstSequence: number): LogPart {
  const name = `${String(firstSequence).padStart(nameDigits, '0')}.jsonl`;
  return { path: path.join(dir, name), firstSequence };
}

/** In their order; none where there is no folder. */
export async function listLogParts(dir: string): Promise<LogPart[]> {
  const names = await readdir(dir).catch(() => []);
  return names
    .flatMap((name) => {
      const number = namePattern.exec(name)?.[1];
      return number === undefined ? [] : [logPart(dir, Number(number))];
    })
    .sort((a, b) => a.firstSequence - b.firstSequence);
}

/**
 * Adds to a file, and makes it and its folder where they are missing; what the folder is in has to
 * be there: a sandbox that was removed does not come back by a late line. Resolves with its size.
 */
export async function appendToPart(part: LogPart, text: string): Promise<number> {
  await mkdir(path.dirname(part.path), { mode: 0o700 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  await using file = await open(part.path, 'a', 0o600);
  await file.appendFile(text);
  return (await file.stat()).size;
}

/**
 * A host that was killed may have left half a line: what comes begins on a line of its own.
 * Resolves with the size.
 */
export async function endLastLine(part: LogPart): Promise<number> {
  await using file = await open(part.path, 'a+', 0o600);
  const { size } = await file.stat();
  if (size === 0) return size;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] === 0x0a) return size;
  await file.appendFile('\n');
  return size + 1;
}

/** One that is gone already is no error. */
export async function removeParts(parts: readonly LogPart[]): Promise<void> {
  await Promise.all(parts.map((part) => rm(part.path, { force: true })));
}
