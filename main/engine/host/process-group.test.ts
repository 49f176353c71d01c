import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { processStartTime } from './process-identity.ts';
import { runProcessGroup, type ProcessGroupOptions } from './process-group.ts';

const directory = useTemporaryDirectory();

async function shell(
  script: string,
  options: Partial<ProcessGroupOptions> = {},
): Promise<{ exitCode: number | undefined; output: string }> {
  let output = '';
  const exitCode = await runProcessGroup('/bin/sh', ['-c', script], {
    cwd: directory.path,
    signal: new AbortController().signal,
    onOutput: (text) => (output += text),
    ...options,
  });
  return { exitCode, output };
}

describe('runProcessGroup', () => {
  it('gives the output of both streams and the exit code', async () => {
    const { exitCode, output } = await shell('echo out; echo err >&2; pwd; exit 3');
    expect(exitCode).toBe(3);
    expect(output.split('\n').sort()).toEqual(['', directory.path, 'err', 'out'].sort());
    expect(await shell('kill -9 $$')).toEqual({ exitCode: undefined, output: '' });
  });

  it('has no input and does not wait for what outlives the program', async () => {
    expect((await shell('cat; sleep 1000 & echo $! > pid; echo done')).output).toBe('done\n');
    process.kill(Number(await readFile(join(directory.path, 'pid'), 'utf8')));
  });

  it('rejects where the program is not there', async () => {
    const signal = new AbortController().signal;
    const options = { cwd: directory.path, signal, onOutput: () => undefined };
    await expect(runProcessGroup('/no/such/program', [], options)).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('sends stdout to a file', async () => {
    const file = await open(join(directory.path, 'file'), 'w');
    try {
      expect((await shell('echo out; echo err >&2', { stdout: file.fd })).output).toBe('err\n');
    } finally {
      await file.close();
    }
    expect(await readFile(join(directory.path, 'file'), 'utf8')).toBe('out\n');
  });

  it('ends with everything that it started', async () => {
    const controller = new AbortController();
    let pids: number[] = [];
    const script = 'sh -c "trap : TERM; echo \\$\\$; while :; do sleep 1000; done" & echo $$; wait';
    const running = shell(script, {
      signal: controller.signal,
      onOutput: (text) => {
        pids = [...pids, ...(text.match(/^\d+$/gm) ?? []).map(Number)];
        if (pids.length === 2) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(pids).toHaveLength(2);
    for (const pid of pids) {
      await expect.poll(() => processStartTime(pid)).toBeUndefined();
    }
    await expect(shell('true', { signal: controller.signal })).rejects.toMatchObject({
      code: 'operation/cancelled',
    });
  });
});
