import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { Mirrors, type Mirror, type RemoteMirrorListener } from './mirrors.ts';
import { TerminalMirror, type TerminalSnapshot } from './terminal-mirror.ts';

const size = { rows: 24, columns: 80 };
const mirrors = new Mirrors(silentLogger);
afterAll(() => mirrors.close());

interface Heard {
  readonly mirror: Mirror;
  readonly heard: string[];
  readonly lost: Promise<undefined>;
}

function open(by = mirrors): Heard {
  const lost = Promise.withResolvers<undefined>();
  const heard: string[] = [];
  const listener: RemoteMirrorListener = {
    onAnswer: (text) => heard.push(`answer ${JSON.stringify(text)}`),
    onTitle: (title) => heard.push(`title ${title}`),
    onParsed: (byteCount) => heard.push(`parsed ${String(byteCount)}`),
    onLost: () => {
      heard.push('lost');
      lost.resolve(undefined);
    },
  };
  return { mirror: by.open(size, listener), heard, lost: lost.promise };
}

function snapshot(mirror: Mirror): Promise<TerminalSnapshot> {
  return new Promise((resolve) => {
    mirror.snapshot(resolve);
  });
}

function plain({ bytes, ...rest }: TerminalSnapshot) {
  return { ...rest, text: Buffer.from(bytes).toString() };
}

describe('Mirrors', () => {
  it('does in a thread what a mirror does, in order', async () => {
    const { mirror, heard } = open();
    const here = new TerminalMirror(size, { onAnswer: () => undefined, onTitle: () => undefined });
    const first = Buffer.from('\x1b]2;title\x07\x1b[6nabc');
    const second = Buffer.from('\x1b[31mred');
    mirror.write(first);
    here.write(first);
    mirror.resize({ rows: 10, columns: 40 });
    here.resize({ rows: 10, columns: 40 });
    const early = snapshot(mirror);
    mirror.write(second);
    expect(plain(await early)).toEqual(plain(here.snapshot()));
    expect(heard).toEqual([
      'title title',
      'answer "\\u001b[1;1R"',
      `parsed ${String(first.length)}`,
    ]);
    here.write(second);
    expect(plain(await snapshot(mirror))).toEqual(plain(here.snapshot()));
    mirror.close();
  });

  it('says an answer at its byte, also where pieces have come in one message', async () => {
    const { mirror, heard } = open();
    const pieces = ['a', 'b', 'c', '\x1b[5n', 'd'].map((text) => Buffer.from(text));
    for (const piece of pieces) mirror.write(piece);
    await snapshot(mirror);
    let parsed = 0;
    const answers: number[] = [];
    for (const each of heard) {
      if (each.startsWith('parsed ')) parsed += Number(each.slice('parsed '.length));
      else answers.push(parsed);
    }
    expect({ parsed, answers }).toEqual({ parsed: 8, answers: [3] });
    mirror.close();
  });

  it('keeps terminals apart', async () => {
    const [one, two] = [open(), open()];
    one.mirror.write(Buffer.from('one'));
    two.mirror.write(Buffer.from('two'));
    const text = async (mirror: Mirror) => Buffer.from((await snapshot(mirror)).bytes).toString();
    expect(await text(one.mirror)).toContain('one');
    expect(await text(two.mirror)).not.toContain('one');
    one.mirror.close();
    two.mirror.close();
  });

  it('tells nobody anything after it was closed', async () => {
    const { mirror, heard } = open();
    mirror.write(Buffer.from('abc'));
    mirror.close();
    const other = open();
    await snapshot(other.mirror);
    expect(heard).toEqual([]);
    other.mirror.close();
  });

  it('loses no other terminal with one that fails', async () => {
    const fine = open();
    fine.mirror.write(Buffer.from('fine'));
    const failing = open();
    // No size that a mirror knows how to draw at.
    failing.mirror.resize({ rows: Number.NaN, columns: 80 });
    await failing.lost;
    expect(Buffer.from((await snapshot(fine.mirror)).bytes).toString()).toContain('fine');
    expect(fine.heard).toEqual(['parsed 4']);
    fine.mirror.close();
  });
});

describe('a thread that breaks', () => {
  it('is told to every terminal, and another one takes its place', async () => {
    const breaking = new Mirrors(
      silentLogger,
      new URL('./testing/breaking-worker.ts', import.meta.url),
    );
    const [one, two] = [open(breaking), open(breaking)];
    one.mirror.write(Buffer.from('one'));
    two.mirror.write(Buffer.from('two'));
    await snapshot(two.mirror);
    one.mirror.write(Buffer.from('break the thread'));
    await Promise.all([one.lost, two.lost]);
    const next = open(breaking);
    next.mirror.write(Buffer.from('next'));
    expect(Buffer.from((await snapshot(next.mirror)).bytes).toString()).toContain('next');
    expect(two.heard).toEqual(['parsed 3', 'lost']);
    await breaking.close();
  });
});
