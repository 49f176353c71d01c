import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { spawnDetached } from './spawn-detached.ts';

describe('spawnDetached', () => {
  const temporary = useTemporaryDirectory();
  const start = (program: string, script: string) => {
    const logPath = join(temporary.path, 'log');
    return spawnDetached({ program, args: ['-c', script], env: { WORD: 'hello' }, logPath });
  };

  it('says how a process ended, also one that was over before anybody asked', async () => {
    const { child, ended } = await start('/bin/sh', 'exit 7');
    await vi.waitFor(() => {
      expect(child.exitCode).toBe(7);
    });
    expect(await ended).toEqual({ exitCode: 7, signal: null });
  });

  it('says by which signal', async () => {
    const { ended } = await start('/bin/sh', 'kill -TERM $$');
    expect(await ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
  });

  it('gives it its environment alone, a session of its own, and the log', async () => {
    const script = 'echo "$WORD $HOME"; echo "$$ $(cut -d " " -f 6 /proc/$$/stat)" >&2';
    const { child, ended } = await start('/bin/sh', script);
    await ended;
    const pid = String(child.pid);
    expect(await readFile(join(temporary.path, 'log'), 'utf8')).toBe(`hello \n${pid} ${pid}\n`);
  });

  it('rejects where there is no such program', async () => {
    await expect(start('/none/program', '')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
