/** Terminals of a real machine: what is there again after the host process was lost. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { createSandbox, readSession, TestHome } from '../../testing/test-engine.ts';
import { watchSession as watch } from './testing/watch-session.ts';

const tty = { rows: 24, columns: 80 };

describe('terminals of a real machine', () => {
  let home: TestHome;
  let engine: Engine;
  beforeAll(async () => {
    home = await TestHome.make();
    engine = await home.open();
    await createSandbox(engine, { name: 'main' });
  });
  afterAll(async () => {
    await home[Symbol.asyncDispose]();
  });

  it('carries every byte both ways, in raw mode', async () => {
    const script = 'stty raw -echo; echo ready; head -c 400000 | sha256sum; printf done';
    const session = await engine.sandboxes.shell({ name: 'main', tty, script });
    let received = '';
    const { promise: ready, resolve: isReady } = Promise.withResolvers<undefined>();
    const { promise: ended, resolve: hasEnded } = Promise.withResolvers<undefined>();
    const attachment = engine.sessions.attach(session.id, {
      onAttached: () => undefined,
      onSize: () => undefined,
      onStdout: (bytes) => {
        received += Buffer.from(bytes).toString('latin1');
        attachment.acknowledge(bytes.length);
        if (received.includes('ready')) isReady(undefined);
      },
      onStderr: () => undefined,
      onExit: () => {
        hasEnded(undefined);
      },
      onError: () => undefined,
    });
    await ready;
    const bytes = Buffer.from(Array.from({ length: 400_000 }, (_, i) => (i * 31 + (i >> 8)) & 255));
    await attachment.write(bytes);
    await ended;
    expect(received).toContain(createHash('sha256').update(bytes).digest('hex'));
  });

  it('gives all bytes of a raw terminal to whoever looks, UTF-8 or not', async () => {
    const script =
      'dd if=/dev/urandom of=/tmp/r bs=1000 count=300 2>/dev/null; sha256sum < /tmp/r > /tmp/sum; stty raw -echo; printf R; read go; cat /tmp/r';
    const session = await engine.sandboxes.shell({ name: 'main', tty, script });
    const hash = createHash('sha256');
    const { promise: ended, resolve: hasEnded } = Promise.withResolvers<undefined>();
    let isReady = false;
    const attachment = engine.sessions.attach(session.id, {
      onAttached: () => undefined,
      onSize: () => undefined,
      onStdout: (bytes) => {
        attachment.acknowledge(bytes.length);
        if (isReady) hash.update(bytes);
        else void attachment.write(Buffer.from('\n'));
        isReady = true;
      },
      onStderr: () => undefined,
      onExit: () => {
        hasEnded(undefined);
      },
      onError: () => undefined,
    });
    await ended;
    const sum = await engine.sandboxes.shell({ name: 'main', script: 'cut -c1-64 /tmp/sum' });
    expect(hash.digest('hex')).toBe((await readSession(engine, sum)).stdout.trim());
  });

  it('shows the same to two, at the smaller size, and says what runs', async () => {
    const session = await engine.sandboxes.shell({ name: 'main', tty });
    expect(session.shell).toEqual({ path: '/bin/sh' });
    const one = watch(engine, session);
    await one.until(/[#$] ?$/);
    const two = watch(engine, session);
    one.attachment.resize(30, 100);
    two.attachment.resize(40, 90);
    await one.type('stty size; echo $TERM $COLORTERM $LANG $TERM_PROGRAM/$TERM_PROGRAM_VERSION\n');
    await two.until(/30 90\nxterm-256color truecolor C\.UTF-8 skerry\/test/);
    await one.until(/30 90\nxterm-256color truecolor C\.UTF-8 skerry\/test/);
    expect(await engine.sessions.activity(session.id)).toEqual({});
    await one.type('sleep 1000\n');
    await one.until(/sleep 1000/);
    let activity = await engine.sessions.activity(session.id);
    while (activity.foreground !== 'sleep') activity = await engine.sessions.activity(session.id);
    expect(activity).toEqual({ foreground: 'sleep' });
    await engine.sessions.close(session.id);
    expect(() => engine.sessions.inspect(session.id)).toThrow('No session is');
  });

  it('finds screen, scrollback, title and the other screen again after the host was lost', async () => {
    const session = await engine.sandboxes.shell({ name: 'main', tty });
    const before = watch(engine, session);
    await before.until(/[#$] ?$/);
    before.attachment.resize(20, 70);
    await before.type('seq 1 50; printf "\\033]2;my title\\007"; echo "größe €"\n');
    await before.until(/50\ngröße €/);
    await before.type('printf "\\033[?1049h\\033[H\\033[1;32mother screen\\033[m"; cat\n');
    await before.until(/^other screen/);
    // Whoever comes later is shown what the mirror has drawn, which is what the guest is told is used.
    await watch(engine, session).until(/^other screen/);
    await home.close();
    engine = await home.open();
    const found = engine.sandboxes.sessions('main').find(({ id }) => id === session.id);
    expect(found).toBeDefined();
    const after = watch(engine, session);
    await after.until(/^other screen/);
    expect(after.screen.heard[0]).toBe('attached 20 70 0');
    expect(after.screen.shown).toBe(before.screen.shown);
    expect(engine.sessions.inspect(session.id)).toMatchObject({
      title: 'my title',
      shell: { path: '/bin/sh' },
    });
    await after.type('\u0003');
    // A shell drops what was typed before it has dealt with the interrupt.
    await after.until(/\^C\n.*# ?$/);
    await after.type('printf "\\033[?1049l"\n');
    await after.until(/50\ngröße €/);
    await after.type('exit 4\n');
    while (after.screen.heard.at(-1) !== 'exit 4') {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await home.close();
    engine = await home.open();
    expect(engine.sessions.inspect(session.id)).toMatchObject({
      exit: { kind: 'exited', code: 4 },
    });
  });

  it('ends a flood at once, and says why a terminal ended when its sandbox stops', async () => {
    const session = await engine.sandboxes.shell({ name: 'main', tty });
    const terminal = watch(engine, session);
    await terminal.until(/[#$] ?$/);
    await terminal.type('yes\n');
    await terminal.until(/y\ny\ny\ny\n/);
    await terminal.type('\u0003');
    await terminal.until(/[#$] ?$/);
    expect(terminal.screen.mostInFlight).toBeLessThanOrEqual(256 * 1024);
    await engine.sandboxes.stop('main');
    const late = watch(engine, session);
    while (late.screen.heard.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(late.screen.heard.at(-1)).toMatch(/^error /);
    expect(late.screen.shown).toMatch(/y\n/);
  });
});
