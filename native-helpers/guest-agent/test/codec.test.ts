import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildTestPrograms, buildTimeoutMs, run } from './programs.ts';

it.runIf(process.platform === 'linux')(
  'reads the golden frames, and nothing but them out of anything else',
  { timeout: buildTimeoutMs },
  async () => {
    const { codecTest } = await buildTestPrograms();
    const golden = join(import.meta.dirname, '../golden/frames.txt');
    expect(await run(codecTest, golden, '500')).toBe('56 golden frames, 500 rounds\n');
  },
);
