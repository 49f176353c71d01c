import * as fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { readLinesBackwards } from './read-backwards.ts';

async function all(file: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const some of readLinesBackwards(file)) lines.push(...some);
  return lines;
}

describe('readLinesBackwards', () => {
  const temporary = useTemporaryDirectory();

  async function read(bytes: string | Buffer): Promise<string[]> {
    const file = path.join(temporary.path, 'lines');
    await writeFile(file, bytes);
    return all(file);
  }

  it('gives every line once, the last one first, wherever its blocks begin', async () => {
    const line = fc.oneof(
      fc.constantFrom('a', 'ü'.repeat(300), 'x'.repeat(70_000), 'y'.repeat(65_535)),
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), async (lines, isTorn) => {
        const text = lines.map((each) => `${each}\n`).join('');
        const found = await read(isTorn ? text.slice(0, -1) : text);
        expect(found.reverse()).toEqual(lines);
      }),
      { numRuns: 60 },
    );
  });

  it('has nothing of a file that is not there, and skips empty lines', async () => {
    expect(await all('/nowhere/at/all')).toEqual([]);
    expect(await read('\n\na\n\n')).toEqual(['a']);
  });

  it('keeps no more than a bound of a file that is one line', async () => {
    const [line] = await read(Buffer.alloc(3 * 1024 * 1024, 'q'));
    expect(line?.length).toBe(256 * 1024);
  });
});
