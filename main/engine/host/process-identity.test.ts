import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processStartTime } from './process-identity.ts';

describe('processStartTime', () => {
  it('is the same each time for one process and absent after its end', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const first = await processStartTime(pid);
    expect(first).toBeDefined();
    expect(await processStartTime(pid)).toBe(first);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await processStartTime(pid)).toBeUndefined();
  });

  it('knows no process with an impossible id', async () => {
    expect(await processStartTime(0)).toBeUndefined();
    expect(await processStartTime(-1)).toBeUndefined();
    expect(await processStartTime(1.5)).toBeUndefined();
  });
});
