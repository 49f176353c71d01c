import { describe, expect, it } from 'vitest';
import { sessionWindowBytes } from '../../../contract/session-frames.ts';
import { AppError } from '../../base/app-error.ts';
import { FakeAgentSession } from '../../testing/fake-agent.ts';
import { SessionDirectory } from './session-directory.ts';
import { aTerminal, TestScreen, testRun } from './testing/a-terminal.ts';

const line = (index: number): string => `line ${String(index)} ${'x'.repeat(60)}\r\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, i) => line(i)).join('');

describe('a terminal with several clients', () => {
  it('shows all of them the same, whenever they come', async () => {
    const terminal = await aTerminal();
    await terminal.write('first \x1b[31mred\x1b[m');
    const one = await terminal.attach();
    await terminal.write('\r\nsecond');
    const two = await terminal.attach();
    await terminal.write(' third');
    expect(one.shown).toBe('first red\nsecond third');
    expect(two.shown).toBe(one.shown);
    expect(terminal.directory.inspect(terminal.info.id)).toMatchObject({ clients: 2, tty: true });
  });

  it('brings a screen to where it is when more was written than is kept as it came', async () => {
    const terminal = await aTerminal();
    for (let round = 0; round < 10; round += 1) await terminal.write(lines(100));
    await terminal.write('\x1b]2;the title\x07\x1b[?1049h\x1b[Hin vim');
    const screen = await terminal.attach();
    expect(screen.shown).toBe('in vim');
    await terminal.write('\x1b[?1049l$ ');
    expect(screen.shown.split('\n').at(-1)).toBe('$');
    expect(terminal.directory.inspect(terminal.info.id)).toMatchObject({ title: 'the title' });
  });

  it('has the smallest rows and columns of all, or what one asks for', async () => {
    const terminal = await aTerminal();
    const one = await terminal.attach();
    const two = await terminal.attach();
    one.attachment?.resize(50, 100);
    two.attachment?.resize(30, 120);
    two.attachment?.setSizing('mine');
    two.attachment?.resize(31, 121);
    two.attachment?.detach();
    expect(terminal.session.resized).toEqual([
      [50, 100],
      [30, 100],
      [30, 120],
      [31, 121],
      [50, 100],
    ]);
    expect(one.heard).toEqual([
      ...['attached 24 80 0', 'size 50 100', 'size 30 100'],
      ...['size 30 120', 'size 31 121', 'size 50 100'],
    ]);
  });

  it('takes the size where the guest says that it holds', async () => {
    const terminal = await aTerminal();
    terminal.session.tellsSizes = true;
    const screen = await terminal.attach();
    screen.attachment?.resize(10, 20);
    await terminal.write('before');
    expect(screen.heard).toEqual(['attached 24 80 0']);
    terminal.session.listener?.onSize?.({ rows: 10, columns: 20 });
    await terminal.settle();
    expect(screen.heard.at(-1)).toBe('size 10 20');
    const late = await terminal.attach();
    expect(late.heard).toEqual(['attached 10 20 0']);
  });

  it('answers a program once: nobody there, the mirror does; else the first client alone', async () => {
    const terminal = await aTerminal();
    const written = (): string[] =>
      terminal.session.written.map((bytes) => Buffer.from(bytes).toString());
    await terminal.write('\x1b[c');
    expect(written()).toEqual(['\x1b[?1;2c']);
    const one = await terminal.attach();
    const two = await terminal.attach();
    await terminal.write('\x1b[6n');
    for (const screen of [two, one]) {
      await screen.attachment?.write(Buffer.from('\x1b[1;1R'));
      await screen.attachment?.write(Buffer.from('a'));
    }
    expect(written().slice(1)).toEqual(['a', '\x1b[1;1R', 'a']);
    one.attachment?.detach();
    await two.attachment?.write(Buffer.from('\x1b[?62;4c'));
    expect(written().at(-1)).toBe('\x1b[?62;4c');
  });

  it('never answers what is in the clipboard', async () => {
    const terminal = await aTerminal();
    await terminal.write('\x1b]52;c;?\x07');
    expect(terminal.session.written).toEqual([]);
  });
});

describe('the flow of a terminal', () => {
  const piece = Buffer.from(lines(400));

  it('goes on while nobody looks', async () => {
    const terminal = await aTerminal();
    for (let round = 0; round < 40; round += 1) await terminal.write(piece);
    expect(terminal.session.acknowledged).toBe(40 * piece.length);
  });

  it('waits for its only client, within a window', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach('never');
    let sent = 0;
    while (sent - terminal.session.acknowledged + piece.length <= sessionWindowBytes) {
      await terminal.write(piece);
      sent += piece.length;
      if (sent > 10 * sessionWindowBytes) throw new Error('Nothing ever holds the guest.');
    }
    expect(terminal.session.acknowledged).toBe(0);
    expect(screen.mostInFlight).toBeLessThanOrEqual(sessionWindowBytes);
    screen.pace = 'at-once';
    screen.use();
    expect(terminal.session.acknowledged).toBe(sent);
  });

  it('waits for the mirror, however fast a client is', async () => {
    const terminal = await aTerminal();
    await terminal.attach();
    terminal.mirrors.paused = true;
    terminal.session.listener?.onStdout(piece);
    expect(terminal.session.acknowledged).toBe(0);
    terminal.mirrors.paused = false;
    await terminal.settle();
    expect(terminal.session.acknowledged).toBe(piece.length);
  });

  it('goes at the pace of the fastest, and brings the slow one up to date', async () => {
    const terminal = await aTerminal();
    const fast = await terminal.attach();
    const slow = await terminal.attach('never');
    for (let round = 0; round < 60; round += 1) await terminal.write(piece);
    await terminal.write('the end');
    expect(terminal.session.acknowledged).toBe(60 * piece.length + 7);
    expect(slow.mostInFlight).toBeLessThanOrEqual(sessionWindowBytes);
    expect(slow.shown).not.toBe(fast.shown);
    slow.pace = 'at-once';
    slow.use();
    await terminal.settle();
    expect(slow.heard).toEqual(['attached 24 80 0', 'attached 24 80 0']);
    expect(slow.shown).toBe(fast.shown);
    await terminal.write('\r\nmore');
    expect(slow.shown).toBe(fast.shown);
    expect(slow.shown).toMatch(/the end\nmore$/);
  });

  it('cuts no character in two, wherever the guest does', async () => {
    const terminal = await aTerminal();
    const pieces: string[] = [];
    const screen = await terminal.attach();
    screen.onOutput = (bytes) => pieces.push(Buffer.from(bytes).toString());
    for (const byte of Buffer.from('“é漢👩‍👩‍👧”')) await terminal.write(Uint8Array.of(byte));
    expect(screen.shown).toBe('“é漢👩‍👩‍👧”');
    expect(pieces.join('')).not.toContain('\ufffd');
  });
});

describe('a terminal that has ended', () => {
  it('stays with its last screen and its status until it is closed', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach();
    await terminal.write('the last words');
    terminal.session.listener?.onExit({ kind: 'exited', code: 3 });
    await terminal.settle();
    expect(screen.heard.at(-1)).toBe('exit 3');
    const info = terminal.directory.inspect(terminal.info.id);
    expect(info).toMatchObject({ exit: { kind: 'exited', code: 3 }, clients: 0 });
    expect(info.endedAtMs).toBeGreaterThan(0);
    const late = await terminal.attach();
    expect(late.shown).toBe('the last words');
    expect(late.heard).toEqual(['attached 24 80 0', 'exit 3']);
    expect(terminal.session.isClosed).toBe(false);
    terminal.directory.close(terminal.info.id);
    expect(terminal.session.isClosed).toBe(true);
    expect(() => terminal.directory.inspect(terminal.info.id)).toThrow('No session is');
  });

  it('ends for a client only when that has its output', async () => {
    const terminal = await aTerminal();
    const slow = await terminal.attach('never');
    await terminal.write(Buffer.from(lines(3000)));
    await terminal.write(Buffer.from(lines(1500)));
    terminal.session.listener?.onExit({ kind: 'exited', code: 0 });
    await terminal.settle();
    expect(slow.heard).not.toContain('exit 0');
    slow.pace = 'at-once';
    slow.use();
    await terminal.settle();
    expect(slow.heard.at(-1)).toBe('exit 0');
    expect(slow.shown).toContain('line 1499');
  });

  it('says why, when its sandbox has stopped', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach();
    await terminal.write('vim');
    terminal.directory.dropSandbox(testRun.id, new AppError('sandbox/not-running', 'It stopped.'));
    await terminal.settle();
    expect(screen.heard.at(-1)).toBe('error sandbox/not-running');
    const late = await terminal.attach();
    expect(late.shown).toBe('vim');
    expect(late.heard.at(-1)).toBe('error sandbox/not-running');
    terminal.directory.forgetSandbox(testRun.id);
    expect(terminal.directory.list(testRun.id)).toEqual([]);
  });

  it('says so, too, of what a signal ends while its sandbox stops', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach();
    const { id: stopping } = testRun;
    terminal.directory.expectStop(stopping, new AppError('sandbox/not-running', 'It stopped.'));
    await terminal.write('bye');
    terminal.session.listener?.onExit({ kind: 'signalled', signal: 1 });
    await terminal.settle();
    expect(screen.shown).toBe('bye');
    expect(screen.heard.at(-1)).toBe('error sandbox/not-running');
  });

  it('says how a program ended that ends by itself while its sandbox stops', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach();
    const { id: stopping } = testRun;
    terminal.directory.expectStop(stopping, new AppError('sandbox/not-running', 'It stopped.'));
    terminal.session.listener?.onExit({ kind: 'exited', code: 3 });
    await terminal.settle();
    expect(screen.heard.at(-1)).toBe('exit 3');
  });

  it('makes way for later ones', async () => {
    const { directory, session } = await aTerminal();
    const request = { command: ['sh'], env: {}, workdir: '/', tty: { rows: 24, columns: 80 } };
    const all = [
      session,
      ...Array.from({ length: 39 }, (_, i) => new FakeAgentSession(i + 2, request)),
    ];
    for (const each of all.slice(1)) directory.add(testRun, each);
    for (const each of all) each.listener?.onExit({ kind: 'exited', code: 0 });
    const kept = directory.list(testRun.id);
    expect(kept).toHaveLength(32);
    expect(all.map(({ isClosed }) => isClosed)).toEqual(all.map((_, index) => index < 8));
  });
});

describe('a terminal whose guest was connected anew', () => {
  const again = { ...{ skippedBytes: 0, knownBytes: 0 }, size: { rows: 24, columns: 80 } };

  it('goes on where it was, without what comes a second time', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach();
    await terminal.write('one two');
    terminal.directory.adopt(testRun, terminal.agent);
    terminal.session.listener?.onAttached?.(again);
    await terminal.write('one two three');
    expect(screen.shown).toBe('one two three');
    expect(screen.heard).toEqual(['attached 24 80 0']);
  });

  it('changes no size for output that comes a second time', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach();
    terminal.session.tellsSizes = true;
    await terminal.write('one');
    terminal.session.listener?.onSize?.({ rows: 10, columns: 40 });
    await terminal.write('two');
    terminal.directory.adopt(testRun, terminal.agent);
    terminal.session.listener?.onAttached?.(again);
    await terminal.write('one');
    terminal.session.listener?.onSize?.({ rows: 10, columns: 40 });
    await terminal.write('two');
    terminal.session.listener?.onSize?.({ rows: 11, columns: 41 });
    await terminal.write('three');
    expect(screen.heard).toEqual(['attached 24 80 0', 'size 10 40', 'size 11 41']);
    expect(screen.shown).toBe('onetwothree');
  });

  it('says what is lost, and begins where that makes sense', async () => {
    const terminal = await aTerminal();
    const screen = await terminal.attach();
    await terminal.write('before');
    terminal.directory.adopt(testRun, terminal.agent);
    terminal.session.listener?.onAttached?.({ ...again, skippedBytes: 1006 });
    await terminal.write('half of a line\r\nwhole');
    await terminal.settle();
    expect(screen.heard).toEqual(['attached 24 80 0', 'attached 24 80 1000']);
    expect(screen.shown).toBe('beforewhole');
  });

  it('does not answer what an earlier host process has answered', async () => {
    const terminal = await aTerminal();
    terminal.session.listener?.onAttached?.({ ...again, knownBytes: 4 });
    await terminal.write('a\x1b[cb\x1b[c');
    expect(terminal.session.written.map((bytes) => Buffer.from(bytes).toString())).toEqual([
      '\x1b[?1;2c',
    ]);
  });

  it('shows a later host process what is no news before anyone looks', async () => {
    const { agent, mirrors } = await aTerminal();
    const directory = new SessionDirectory(mirrors);
    directory.adopt(testRun, agent);
    const [info] = directory.list(testRun.id);
    const screen = new TestScreen();
    screen.attachment = directory.attach(info?.id ?? '', screen);
    await mirrors.idle();
    expect(screen.heard).toEqual([]);
    const [session] = agent.sessions();
    session?.listener?.onAttached?.({ ...again, size: { rows: 5, columns: 20 }, knownBytes: 8 });
    session?.listener?.onStdout(Buffer.from('abcd'));
    await mirrors.idle();
    expect(screen.heard).toEqual([]);
    session?.listener?.onStdout(Buffer.from('efgh'));
    await mirrors.idle();
    expect(screen.heard).toEqual(['attached 5 20 0']);
    expect(screen.shown).toBe('abcdefgh');
  });

  it('draws what was written at each size at that size', async () => {
    const terminal = await aTerminal();
    terminal.session.listener?.onAttached?.({ ...again, size: { rows: 5, columns: 4 } });
    await terminal.write('abcdef');
    terminal.session.listener?.onSize?.({ rows: 5, columns: 20 });
    await terminal.write('\r\nuvwxyz');
    const screen = await terminal.attach();
    expect(screen.heard).toEqual(['attached 5 20 0']);
    expect(screen.shown).toBe('abcd\nef\nuvwxyz');
  });
});

describe('a terminal whose screen is lost', () => {
  it('goes on for those who see it, and begins anew for those who come', async () => {
    const terminal = await aTerminal();
    const early = await terminal.attach();
    await terminal.write(lines(1000));
    const writtenBytes = lines(1000).length;
    terminal.mirrors.lose();
    await terminal.write('and on');
    expect(early.heard).toEqual(['attached 24 80 0']);
    expect(early.shown).toMatch(/and on$/);
    expect(terminal.session.acknowledged).toBe(writtenBytes + 6);
    const late = await terminal.attach();
    expect(late.heard).toEqual([`attached 24 80 ${String(writtenBytes)}`]);
    expect(late.shown).toBe('and on');
    terminal.session.listener?.onExit({ kind: 'exited', code: 0 });
    await terminal.settle();
    expect([early.heard.at(-1), late.heard.at(-1)]).toEqual(['exit 0', 'exit 0']);
  });

  it('holds neither the guest nor who waits for the screen', async () => {
    const terminal = await aTerminal();
    await terminal.write(lines(1000));
    terminal.mirrors.paused = true;
    terminal.session.listener?.onStdout(Buffer.from(lines(100)));
    const screen = new TestScreen();
    screen.attachment = terminal.directory.attach(terminal.info.id, screen);
    terminal.mirrors.lose();
    expect(terminal.session.acknowledged).toBe(lines(1000).length + lines(100).length);
    terminal.mirrors.paused = false;
    await terminal.write('here');
    expect(screen.shown).toBe('here');
  });

  it('has no last screen, but its end, where it was lost at the end', async () => {
    const terminal = await aTerminal();
    await terminal.write(lines(1000));
    terminal.mirrors.paused = true;
    terminal.session.listener?.onExit({ kind: 'exited', code: 3 });
    terminal.mirrors.lose();
    terminal.mirrors.paused = false;
    const late = await terminal.attach();
    expect(late.heard).toEqual([`attached 24 80 ${String(lines(1000).length)}`, 'exit 3']);
  });
});

describe('what runs in a terminal', () => {
  it('is what the guest says, or unknown', async () => {
    const { directory, session, info } = await aTerminal();
    expect(await directory.activity(info.id)).toEqual({});
    session.inForeground = 'vim';
    expect(await directory.activity(info.id)).toEqual({ foreground: 'vim' });
    session.inForeground = new AppError('agent/timeout', 'An agent of before.');
    expect(await directory.activity(info.id)).toEqual({});
  });
});
