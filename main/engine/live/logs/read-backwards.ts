/** The lines of a file, the last one first, as many at a time as a block has. */
import { open } from 'node:fs/promises';

const blockBytes = 64 * 1024;
/** No line of ours is longer; what is, is none. */
const maxLineBytes = 256 * 1024;

/**
 * Each line without its end. One without a line break at the end of the file is a line as well.
 * A file that is not there has none.
 */
export async function* readLinesBackwards(path: string): AsyncGenerator<string[], void, void> {
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
    const firstBreak = buffer.indexOf(0x0a);
    if (firstBreak === -1) {
      rest = Buffer.concat([buffer, rest]);
    } else {
      const whole = Buffer.concat([buffer.subarray(firstBreak + 1), rest]).toString('utf8');
      rest = buffer.subarray(0, firstBreak);
      yield whole.split('\n').filter(isLine).reverse();
    }
    if (rest.length > maxLineBytes) rest = rest.subarray(0, maxLineBytes);
    end = begin;
  }
  yield [rest.toString('utf8')].filter(isLine);
}

function isLine(text: string): boolean {
  return text !== '';
}
