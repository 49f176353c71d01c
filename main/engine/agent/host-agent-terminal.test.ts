import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExitStatus } from '../../contract/session.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { AgentSession } from './agent.ts';
import { collect } from './testing/collect-output.ts';
import { isLinux, pattern, sh, sha256, useHostAgent } from './testing/host-agent-fixture.ts';

const host = useHostAgent();
const tty = { rows: 24, columns: 80 };

/** Attaches to a terminal and waits for texts in what it shows. */
function watch(session: AgentSession): {
  readonly shown: () => string;
  readonly detach: () => void;
  /** How the session ended, while this watch was attached. */
  readonly exit: Promise<ExitStatus>;
  waitFor(text: string): Promise<void>;
} {
  let output = '';
  const { promise: exit, resolve: resolveExit } = Promise.withResolvers<ExitStatus>();
  let wake: () => void = () => undefined;
  const detach = session.attach({
    onStdout: (bytes) => {
      output += Buffer.from(bytes).toString('latin1');
      session.acknowledge(bytes.length);
      wake();
    },
    onStderr: () => undefined,
    onExit: resolveExit,
    onDisconnect: () => undefined,
  });
  return {
    shown: () => output,
    detach,
    exit,
    async waitFor(text) {
      while (!output.includes(text)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe.skipIf(!isLinux)('terminals of the agent', () => {
  const directory = useTemporaryDirectory();

  it('is the controlling terminal of the command, of the size that was asked', async () => {
    // Process id, session id, and whether the terminal of the session can be opened.
    const script = 'tty; stty size; cut -d " " -f 1,6 /proc/$$/stat; echo opened >/dev/tty';
    const { stdout } = await collect(await host.agent.exec(sh(script, { tty })));
    expect(stdout.toString()).toMatch(/^\/dev\/pts\/\d+\r\n24 80\r\n(\d+) \1\r\nopened\r\n$/);
  });

  it('tells the command of a new size', async () => {
    const session = await host.agent.exec(
      sh('trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done', { tty }),
    );
    const terminal = watch(session);
    await terminal.waitFor('ready');
    session.resize(50, 132);
    await terminal.waitFor('50 132');
  });

  it('echoes what is typed, and interrupts the job in the foreground alone', async () => {
    const session = await host.agent.exec({ ...sh('', { tty }), command: ['sh', '-i'] });
    const terminal = watch(session);
    await session.write(Buffer.from('set -m; echo one$((1))\n'));
    await terminal.waitFor('one1');
    await session.write(Buffer.from('sh -c "echo runs; exec sleep 1000"\n'));
    await terminal.waitFor('runs\r\n');
    session.signal(2);
    await session.write(Buffer.from('echo still$((2)); exit 7\n'));
    await terminal.waitFor('still2');
    expect(await terminal.exit).toEqual({ kind: 'exited', code: 7 });
  });

  it('says what is in the foreground, if it is not the command itself', async () => {
    const session = await host.agent.exec({ ...sh('', { tty }), command: ['sh', '-i'] });
    const terminal = watch(session);
    await session.write(Buffer.from('set -m; echo one$((1))\n'));
    await terminal.waitFor('one1');
    expect(await session.foreground()).toBeUndefined();
    await session.write(Buffer.from('sh -c "echo runs; exec sleep 1000"\n'));
    await terminal.waitFor('runs\r\n');
    let foreground = await session.foreground();
    while (foreground !== 'sleep') foreground = await session.foreground();
    const pipes = await host.agent.exec(sh('read line'));
    expect(await pipes.foreground()).toBeUndefined();
    pipes.endInput();
    session.close();
  });

  it('tells a later host which output was of which size, and what an earlier one has used', async () => {
    const session = await host.agent.exec(
      sh('stty raw -echo; printf 1111; read a; printf 2222; read b; printf 3333; read c', { tty }),
    );
    expect(session.tellsSizes).toBe(true);
    const terminal = watch(session);
    await terminal.waitFor('1111');
    session.resize(30, 100);
    await session.write(Buffer.from('\n'));
    await terminal.waitFor('2222');
    session.resize(30, 100);
    session.resize(40, 120);
    await session.write(Buffer.from('\n'));
    await terminal.waitFor('3333');
    // What is asked comes behind the acknowledgement.
    await session.foreground();
    await host.loseHost();
    await host.reconnect();
    const heard: string[] = [];
    const again = host.sessionAgain(session);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    again.attach({
      onAttached: ({ skippedBytes, knownBytes, size }) => {
        heard.push(JSON.stringify([skippedBytes, knownBytes, size?.rows, size?.columns]));
      },
      onSize: ({ rows, columns }) => heard.push(`${String(rows)}x${String(columns)}`),
      onStdout: (bytes) => {
        heard.push(Buffer.from(bytes).toString());
        if (heard.at(-1)?.endsWith('3333') === true) resolve(undefined);
      },
      onStderr: () => undefined,
      onExit: () => undefined,
      onDisconnect: () => undefined,
    });
    await promise;
    expect(heard).toEqual(['[0,12,24,80]', '1111', '30x100', '2222', '40x120', '3333']);
    again.close();
  });

  it('carries every byte in raw mode, both ways', async () => {
    const bytes = pattern(1_000_000);
    const session = await host.agent.exec(
      sh(`stty raw -echo; printf ready; head -c ${String(bytes.length)} | sha256sum; sleep 0.2`, {
        tty,
      }),
    );
    const terminal = watch(session);
    await terminal.waitFor('ready');
    await session.write(bytes);
    await terminal.waitFor(sha256(bytes));
  });

  it('loses nothing of a flood that ends with the command, however slow the reader', async () => {
    const byteCount = 3_000_000;
    const session = await host.agent.exec(
      sh(`stty raw; yes 0123456789abcdef | head -c ${String(byteCount)}`, { tty }),
    );
    const pieces: Uint8Array[] = [];
    const exit = await new Promise((resolve, reject) => {
      session.attach({
        onStdout: (bytes) => {
          pieces.push(bytes);
          setTimeout(() => {
            session.acknowledge(bytes.length);
          }, 3);
        },
        onStderr: reject,
        onExit: resolve,
        onDisconnect: reject,
      });
    });
    const expected = Buffer.alloc(byteCount, '0123456789abcdef\n');
    expect(exit).toEqual({ kind: 'exited', code: 0 });
    expect(Buffer.concat(pieces).length).toBe(byteCount);
    expect(sha256(Buffer.concat(pieces))).toBe(sha256(expected));
  });

  it('takes the end of the input for the character that says so', async () => {
    const session = await host.agent.exec(sh('cat; echo ended', { tty }));
    const collected = collect(session);
    await session.write(Buffer.from('line\n'));
    session.endInput();
    expect((await collected).stdout.toString()).toMatch(/^line\r\n.*line\r\nended\r\n$/s);
  });

  it('shows a new listener what was there, and goes on while nobody looks', async () => {
    const marker = path.join(directory.path, 'written');
    const session = await host.agent.exec(
      sh(`echo first; read go; yes | head -c 1000000; echo last; : >'${marker}'; read go`, { tty }),
    );
    const before = watch(session);
    await before.waitFor('first');
    before.detach();
    // Nobody acknowledges a million bytes, and the command gets through all the same.
    await session.write(Buffer.from('go\n'));
    await collect(await host.agent.exec(sh(`until [ -e '${marker}' ]; do sleep 0.05; done`)));
    // What the kernel still holds of the terminal comes after what the agent has kept of it.
    const rest = watch(session);
    await rest.waitFor('last\r\n');
    rest.detach();
    const after = watch(session);
    await after.waitFor('last\r\n');
    expect(after.shown().length).toBeLessThanOrEqual(256 * 1024);
    expect(after.shown()).not.toContain('first');
    await session.write(Buffer.from('go\n'));
    expect(await after.exit).toEqual({ kind: 'exited', code: 0 });
  });

  it('outlives its host, with its screen', async () => {
    const session = await host.agent.exec(sh('echo hello; read line; echo "got $line"', { tty }));
    await watch(session).waitFor('hello');
    await host.loseHost();
    await host.reconnect();
    const again = host.sessionAgain(session);
    expect(again).toMatchObject({ tty: true, startedAtMs: session.startedAtMs, exit: undefined });
    const collected = collect(again);
    await again.write(Buffer.from('this\n'));
    expect((await collected).stdout.toString()).toBe('hello\r\nthis\r\ngot this\r\n');
  });
});
