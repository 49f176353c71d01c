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

  it('kills all that a program started which takes too long', async () => {
    const script = 'sleep 1000 & echo $!; wait';
    const result = await run('sh', ['-c', script], { timeoutMs: 500, asGroup: true });
    expect(result).toMatchObject({ exitCode: undefined, timedOut: true });
  });

  it('does not wait for what an ended program has left behind', async () => {
    const options = { timeoutMs: 2000, asGroup: true };
    const { timedOut, stdout } = await run('sh', ['-c', 'sleep 1000 & echo $!'], options);
    expect(timedOut).toBe(true);
    expect(stdout).toMatch(/^[1-9]\d*\n$/);
    process.kill(Number(stdout));
  });

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
