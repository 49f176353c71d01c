/** The lines of a file, the last one first, a block at a time. */
import { open } from 'node:fs/promises';

const blockBytes = 64 * 1024;
/** No line of ours is longer; what is, is none. */
const maxLineBytes = 256 * 1024;

/**
 * Each line without its end. One without a line break at the end of the file is a line as well.
 * A file that is not there has none.
 */
export async function* readLinesBackwards(path: string): AsyncGenerator<string, void, void> {
  await using file = await open(path, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return;
  let { size: end } = await file.stat();
  // The beginning of the line whose end was read already.
  let rest: Buffer = Buffer.alloc(0);
  while (end > 0) {
    const begin = Math.max(0, end - blockBytes);
    const { buffer, bytesRead } = await file.read(
      Buffer.allocUnsafe(end - begin),
      ...([0, end - begin, begin] as const),
    );
    if (bytesRead < end - begin) return;
    let lineEnd = buffer.length;
    for (let at = buffer.lastIndexOf(0x0a); at >= 0;) {
      yield* asLine(Buffer.concat([buffer.subarray(at + 1, lineEnd), rest]));
      rest = Buffer.alloc(0);
      lineEnd = at;
      if (at === 0) break;
      at = buffer.lastIndexOf(0x0a, at - 1);
    }
    rest = Buffer.concat([buffer.subarray(0, lineEnd), rest]);
    if (rest.length > maxLineBytes) rest = rest.subarray(0, maxLineBytes);
    end = begin;
  }
  yield* asLine(rest);
}

function asLine(bytes: Buffer): string[] {
  return bytes.length === 0 ? [] : [bytes.toString('utf8')];
}
