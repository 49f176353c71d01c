import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOpenFilesLimit } from './open-files-limit.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-limit-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function write(hard: string, capEff: string): void {
  const limits = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max processes             95000                95000                processes ',
    `Max open files            1024                 ${hard.padEnd(20)} files     `,
  ];
  writeFileSync(path.join(dir, 'limits'), `${limits.join('\n')}\n`);
  writeFileSync(path.join(dir, 'status'), `Name:\tnode\nCapEff:\t${capEff}\nThreads:\t1\n`);
}

describe('readOpenFilesLimit', () => {
  it('is the hard limit, not the soft one', async () => {
    write('20000', '0000000000000000');
    expect(await readOpenFilesLimit(dir)).toBe(20_000);
  });

  it('is none for who may raise it, and a root without that capability may not', async () => {
    write('20000', '000001ffffffffff');
    expect(await readOpenFilesLimit(dir)).toBeUndefined();
    write('20000', '000001fffeffffff');
    expect(await readOpenFilesLimit(dir)).toBe(20_000);
  });

  it('is none where there is none, and where it is not told', async () => {
    write('unlimited', '0000000000000000');
    expect(await readOpenFilesLimit(dir)).toBeUndefined();
    expect(await readOpenFilesLimit(path.join(dir, 'nowhere'))).toBeUndefined();
  });
});
