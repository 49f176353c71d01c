import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { BoundedLog } from './bounded-log.ts';

describe('BoundedLog', () => {
  const temporary = useTemporaryDirectory();

  it('starts empty, or goes on from what is there', async () => {
    const path = join(temporary.path, 'log');
    await writeFile(path, 'old ');
    const going = await BoundedLog.open(path, { mode: 'continue', maxBytes: 100 });
    await going.append(Buffer.from('and new'));
    expect(await going.tail(7)).toBe('and new');
    await going.close();
    expect(await readFile(path, 'utf8')).toBe('old and new');
    const fresh = await BoundedLog.open(path, { mode: 'new', maxBytes: 100 });
    await fresh.append(Buffer.from('next'));
    await fresh.close();
    expect(await readFile(path, 'utf8')).toBe('next');
  });

  it('never passes its bound and always has the last bytes, however they come', async () => {
    const maxBytes = 64;
    const chunks = fc.array(fc.string({ maxLength: 200 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.constantFrom('new', 'continue'), async (texts, mode) => {
        const path = join(temporary.path, 'property');
        await writeFile(path, '');
        const log = await BoundedLog.open(path, { mode, maxBytes });
        for (const text of texts) {
          await log.append(Buffer.from(text, 'latin1'));
          expect((await stat(path)).size).toBeLessThanOrEqual(maxBytes);
        }
        await log.close();
        const all = texts.join('');
        const kept = await readFile(path, 'latin1');
        expect(all.endsWith(kept)).toBe(true);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(all.length, maxBytes / 2));
      }),
      { numRuns: 50 },
    );
    expect(await readdir(temporary.path)).toEqual(['property']);
  });

  it('says which file it cannot open', async () => {
    const path = join(temporary.path, 'no', 'log');
    await expect(BoundedLog.open(path, { mode: 'new', maxBytes: 100 })).rejects.toMatchObject({
      code: 'vm/start-failed',
      message: `The log ${path} cannot be opened.`,
    });
  });

  it('loses bytes rather than fail when the file cannot be written', async () => {
    const log = await BoundedLog.open('/dev/full', { mode: 'continue', maxBytes: 100 });
    await log.append(Buffer.from('lost'));
    expect(await log.tail(100)).toBe('');
    await log.close();
  });
});
