import { describe, expect, it } from 'vitest';
import { run } from './child-process.ts';

const node = process.execPath;

describe('run', () => {
  it('returns what the program wrote and its exit code', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 3';
    expect(await run(node, ['-e', script], { timeoutMs: 60_000 })).toEqual({
      exitCode: 3,
      timedOut: false,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('gives the program no input', async () => {
    const script = 'process.stdin.on("data", () => {}).on("end", () => console.log("end"))';
    expect((await run(node, ['-e', script], { timeoutMs: 60_000 })).stdout).toBe('end\n');
  });

  it('gives the program the input it is told to, whether it reads it or not', async () => {
    const echo = await run('cat', [], { timeoutMs: 60_000, input: 'secret' });
    expect(echo).toMatchObject({ exitCode: 0, stdout: 'secret' });
    const deaf = await run('true', [], { timeoutMs: 60_000, input: 'x'.repeat(1_000_000) });
    expect(deaf.exitCode).toBe(0);
  });

  it.each(['sleep 1000 & sleep 1000', 'sleep 1000 &'])(
    'waits for nothing that a program started which takes too long: %s',
    async (script) => {
      const options = { timeoutMs: 100, asGroup: true };
      expect(await run('sh', ['-c', script], options)).toMatchObject({ timedOut: true });
    },
  );

  it('kills a program that takes too long', async () => {
    const result = await run(node, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 20 });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: true });
  });

  it('keeps only so many bytes of an endless output', async () => {
    const script = 'process.stdout.write("x".repeat(1000000))';
    const result = await run(node, ['-e', script], { timeoutMs: 60_000, maxOutputBytes: 1000 });
    expect(result.stdout).toBe('x'.repeat(1000));
    expect(result.exitCode).toBe(0);
  });

  it('ends the program when it is cancelled', async () => {
    const cancel = new AbortController();
    const running = run(node, ['-e', 'setInterval(() => {}, 1000)'], {
      timeoutMs: 60_000,
      signal: cancel.signal,
    });
    cancel.abort();
    await expect(running).rejects.toMatchObject({ code: 'operation/cancelled' });
    await expect(
      run(node, ['-e', '0'], { timeoutMs: 60_000, signal: cancel.signal }),
    ).rejects.toMatchObject({ code: 'operation/cancelled' });
  });

  it('says that a program is not there', async () => {
    await expect(run('/nowhere/program', [], { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
