import { watch } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { boundMonitorLog, openMonitorLog, readMonitorLogTail } from './monitor-log.ts';

describe('the log of a monitor', () => {
  const temporary = useTemporaryDirectory();

  it('begins empty for each machine', async () => {
    const path = join(temporary.path, 'log');
    await writeFile(path, 'of the machine before');
    await using log = await openMonitorLog(path);
    await log.write('new');
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('is shortened while it grows, and has what was written last', async () => {
    const path = join(temporary.path, 'log');
    await using log = await openMonitorLog(path);
    const stop = boundMonitorLog(path);
    const shortened = new Promise<void>((resolve) => {
      const watcher = watch(path, () => {
        void stat(path).then(({ size }) => {
          if (size > 100 * 1024 || size === 0) return;
          watcher.close();
          resolve();
        });
      });
    });
    await log.write(`${'x'.repeat(300 * 1024)}\nthe end\n`);
    await shortened;
    stop();
    await log.write('and on\n');
    expect(await readMonitorLogTail(path)).toMatch(/x\nthe end\nand on$/);
  });

  it('is read without control characters, and as nothing where there is none', async () => {
    const path = join(temporary.path, 'log');
    await writeFile(path, 'a\u001b[31mb\r\n');
    expect(await readMonitorLogTail(path)).toBe('a[31mb');
    expect(await readMonitorLogTail(join(temporary.path, 'none'))).toBe('');
  });
});
