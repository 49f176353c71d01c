import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';

/** The end of a file as text. */
export interface FileTail {
  readonly text: string;
  /** Its beginning was left out. */
  readonly isCut: boolean;
}

/**
 * The last lines of a file, whole ones: half of a secret cannot be known as one. Undefined where
 * there is no such file; why it cannot be read where that is so. The guest writes some of these
 * files, so what is not a plain file is not read, and control characters go.
 * @param maxBytes of the file, at most
 */
export async function readFileTail(file: string, maxBytes: number): Promise<FileTail | undefined> {
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    await using handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await handle.stat();
    if (!stats.isFile()) return { text: 'This is not a plain file.\n', isCut: false };
    const length = Math.min(stats.size, maxBytes);
    const { bytesRead, buffer } = await handle.read(
      Buffer.alloc(length),
      ...([0, length, stats.size - length] as const),
    );
    const text = plainText(buffer.toString('utf8', 0, bytesRead));
    return length < stats.size ? { text: cutFirstLine(text), isCut: true } : { text, isCut: false };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return { text: `This file could not be read (${code ?? String(error)}).\n`, isCut: false };
  }
}

/** A text of at most so many bytes of UTF-8, cut at its beginning, at a line. */
export function cutToBytes({ text, isCut }: FileTail, maxBytes: number): FileTail {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return { text, isCut };
  const end = bytes.subarray(bytes.length - maxBytes).toString('utf8');
  return { text: cutFirstLine(end), isCut: true };
}

function cutFirstLine(text: string): string {
  const lineEnd = text.indexOf('\n');
  return lineEnd < 0 ? '' : text.slice(lineEnd + 1);
}

/** Without escape sequences, which would also part a secret in two; carriage returns end lines. */
function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r+\n?/g, '\n')
    .replace(/[^\n\t\P{Cc}]/gu, '');
}
