import { describe, expect, it } from 'vitest';
import type { AgentExec } from './agent.ts';
import { collect, type Collected } from './testing/collect-output.ts';
import { isLinux, pattern, sh, sha256, useHostAgent } from './testing/host-agent-fixture.ts';

const host = useHostAgent();

async function run(request: AgentExec, input?: Uint8Array): Promise<Collected> {
  const session = await host.agent.exec(request);
  const collected = collect(session);
  if (input !== undefined) await session.write(input);
  session.endInput();
  return collected;
}

describe.skipIf(!isLinux)('streams of the agent', () => {
  it('carries input and output exactly, with the end of the input', async () => {
    const input = pattern(5_000_000);
    const { stdout, exit } = await run(sh('cat'), input);
    expect(sha256(stdout)).toBe(sha256(input));
    expect(exit).toEqual({ kind: 'exited', code: 0 });
  });

  it('drops the input that a command does not read', async () => {
    const session = await host.agent.exec(sh('exec <&-; sleep 0.2; echo done'));
    const collected = collect(session);
    await session.write(pattern(1_000_000)).catch(() => undefined);
    expect((await collected).stdout.toString()).toBe('done\n');
  });

  it('a listener that uses nothing stalls its own session only', async () => {
    const slow = await host.agent.exec(sh('head -c 3000000 /dev/zero; echo end >&2'));
    let received = 0;
    const ended: string[] = [];
    const detach = slow.attach({
      onStdout: (bytes) => (received += bytes.length),
      onStderr: (bytes) => ended.push(Buffer.from(bytes).toString()),
      onExit: () => ended.push('exit'),
      onDisconnect: () => undefined,
    });
    const fast = await run(sh('head -c 3000000 /dev/zero | tr "\\\\0" x'));
    expect(fast.stdout.equals(Buffer.alloc(3_000_000, 'x'))).toBe(true);
    expect(received).toBeLessThanOrEqual(256 * 1024);
    expect(ended).toEqual([]);
    detach();
    // Nothing was used, so that a new listener gets it all.
    const { stdout, stderr } = await collect(slow);
    expect(stdout.length).toBe(3_000_000);
    expect(stderr.toString()).toBe('end\n');
  });

  it('gives whoever listens next what the one before has not used, and no more', async () => {
    const session = await host.agent.exec(sh('printf 0123456789; read go'));
    const { promise: heard, resolve } = Promise.withResolvers<Uint8Array>();
    const nothing = {
      onStderr: () => undefined,
      onExit: () => undefined,
      onDisconnect: () => undefined,
    };
    const detach = session.attach({ ...nothing, onStdout: resolve });
    expect(Buffer.from(await heard).toString()).toBe('0123456789');
    session.acknowledge(4);
    detach();
    const rest = await new Promise<Uint8Array>((done) => {
      session.attach({ ...nothing, onStdout: done });
    });
    expect(Buffer.from(rest).toString()).toBe('456789');
    session.close();
  });

  it('gives a pipe that was not read to the host that comes after', async () => {
    const input = pattern(400_000);
    const session = await host.agent.exec(sh('cat; echo gone >&2'));
    const half = new Promise<void>((resolve) => {
      session.attach({
        onStdout: () => {
          resolve();
        },
        onStderr: () => undefined,
        onExit: () => undefined,
        onDisconnect: () => undefined,
      });
    });
    const written = session.write(input.subarray(0, 100_000));
    await Promise.all([half, written]);
    await host.loseHost();
    await host.reconnect();
    const again = host.sessionAgain(session);
    expect(again).toMatchObject({ command: ['sh', '-c', 'cat; echo gone >&2'], tty: false });
    const collected = collect(again);
    await again.write(input.subarray(100_000));
    again.endInput();
    const { stdout, stderr } = await collected;
    expect(sha256(stdout)).toBe(sha256(input));
    expect(stderr.toString()).toBe('gone\n');
    expect(host.agent.sessions()).toEqual([]);
  });
});
