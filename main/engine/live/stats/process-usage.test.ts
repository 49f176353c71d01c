import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseUsage, readProcessUsage } from './process-usage.ts';

const stat = '77 (qemu (x) y) S 1 77 77 0 -1 4194304 1 2 3 4 250 50 7 8 20 0 3 0 99 1000 2000 1';

describe('parseUsage', () => {
  it('reads what Linux counts', () => {
    const io =
      'rchar: 9\nwchar: 8\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 7\n';
    expect(parseUsage({ stat, statm: '5000 100 3 4 0 6 0', io })).toEqual({
      ...{ cpuMs: 3000, memoryBytes: 409_600, diskReadBytes: 4096, diskWriteBytes: 8192 },
    });
  });

  it('goes without what it may not read, and without a process', () => {
    expect(parseUsage({ stat, statm: '5000 100', io: '' })).toMatchObject({ diskReadBytes: 0 });
    expect(parseUsage({ stat: '', statm: '', io: '' })).toBeUndefined();
    expect(readProcessUsage(2 ** 30)).toBeUndefined();
  });
});

describe.skipIf(process.platform !== 'linux')('readProcessUsage', () => {
  it('finds a busy process busy', async () => {
    const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;) {}']);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const before = readProcessUsage(pid)?.cpuMs ?? Infinity;
    let after = before;
    while (after <= before) after = readProcessUsage(pid)?.cpuMs ?? 0;
    expect(readProcessUsage(pid)?.memoryBytes).toBeGreaterThan(1024 * 1024);
  });
});
