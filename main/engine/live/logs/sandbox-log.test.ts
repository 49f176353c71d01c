import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../../../contract/logs.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import type { SandboxLogEvent } from './log-follower.ts';
import { SandboxLog } from './sandbox-log.ts';
import type { StoredLine } from './stored-line.ts';

const linesOf = (event: SandboxLogEvent): readonly StoredLine[] =>
  'lines' in event ? event.lines : [];

describe('SandboxLog', () => {
  const temporary = useTemporaryDirectory();
  let dir: string;
  let log: SandboxLog;

  beforeEach(() => {
    dir = path.join(temporary.path, 'log');
    log = new SandboxLog(dir);
  });

  const say = (...lines: (string | Partial<LogLine>)[]): Promise<void> =>
    log.add(
      lines.map((line) => ({
        ...{ atMs: 0, source: 'console' as const, text: '' },
        ...(typeof line === 'string' ? { text: line } : line),
      })),
    );
  const texts = async (filter: Partial<Parameters<SandboxLog['read']>[0]> = {}) =>
    (await log.read({ limit: 100, ...filter })).lines.map(({ text }) => text);

  it('numbers what is said, and goes on where an earlier host process was', async () => {
    await say('one', 'two');
    log = new SandboxLog(dir);
    await say('three');
    const { lines, hasEarlier, oldestSequence } = await log.read({ limit: 2 });
    expect(lines).toEqual([
      { sequence: 2, atMs: 0, source: 'console', text: 'two' },
      { sequence: 3, atMs: 0, source: 'console', text: 'three' },
    ]);
    expect({ hasEarlier, oldestSequence }).toEqual({ hasEarlier: true, oldestSequence: 1 });
    expect(await log.read({ limit: 2, beforeSequence: 2 })).toMatchObject({
      lines: [{ text: 'one' }],
      hasEarlier: false,
    });
  });

  it('passes over a line that was cut off, or damaged', async () => {
    await say('one');
    const [file = ''] = await readdir(dir);
    await appendFile(path.join(dir, file), 'garbage\n{"sequence":7}\n{"sequence":2,"atMs":0,"sour');
    log = new SandboxLog(dir);
    await say('two');
    expect((await log.read({ limit: 9 })).lines).toMatchObject([
      { sequence: 1, text: 'one' },
      { sequence: 2, text: 'two' },
    ]);
  });

  it('finds by source, command, stream, text and time', async () => {
    await say(
      { text: 'Booted', atMs: 1 },
      { text: 'ready', source: 'agent', atMs: 2 },
      { text: 'out', source: 'command', commandId: 'a', stream: 'stdout', atMs: 3 },
      {
        text: '\u001b[31mER\u001b[0mROR',
        source: 'command',
        commandId: 'a',
        stream: 'stderr',
        atMs: 4,
      },
      { text: 'other', source: 'command', commandId: 'b', stream: 'stdout', atMs: 5 },
    );
    expect(await texts({ sources: ['console', 'agent'] })).toEqual(['Booted', 'ready']);
    expect(await texts({ commandId: 'a', stream: 'stdout' })).toEqual(['out']);
    expect(await texts({ search: 'error' })).toHaveLength(1);
    expect(await texts({ search: 'BOOT' })).toEqual(['Booted']);
    expect(await texts({ fromMs: 2, toMs: 3 })).toEqual(['ready', 'out']);
    expect(await texts({ commandId: 'a', limit: 1 })).toEqual(['\u001b[31mER\u001b[0mROR']);
  });

  it('keeps the latest of a flood within its bounds', async () => {
    const partBytes = 4000;
    log = new SandboxLog(dir, { maxParts: 3, partBytes });
    for (let count = 1; count <= 300; count++) await say(`line ${String(count)} ${'x'.repeat(50)}`);
    const files = await readdir(dir);
    expect(files).toHaveLength(3);
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(path.join(dir, file))).size),
    );
    expect(Math.max(...sizes)).toBeLessThan(partBytes + 200);
    const { lines, oldestSequence } = await log.read({ limit: 5000 });
    expect(lines.at(-1)?.sequence).toBe(300);
    expect(lines[0]?.sequence).toBe(oldestSequence);
    expect(lines.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: lines.length }, (_, index) => oldestSequence + index),
    );
    log = new SandboxLog(dir, { maxParts: 3, partBytes });
    await say('next');
    expect((await log.read({ limit: 1 })).lines).toMatchObject([{ sequence: 301, text: 'next' }]);
  });

  it('pages backwards through every line once, whatever the parts and pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 200, max: 2000 }),
        async (count, limit, partBytes) => {
          await rm(dir, { recursive: true, force: true });
          log = new SandboxLog(dir, { maxParts: 100, partBytes });
          for (let at = 1; at <= count; at++) await say(String(at));
          const all: number[] = [];
          let beforeSequence: number | undefined;
          for (;;) {
            const { lines, hasEarlier } = await log.read({ limit, beforeSequence });
            all.unshift(...lines.map(({ sequence }) => sequence));
            if (!hasEarlier) break;
            beforeSequence = lines[0]?.sequence;
          }
          expect(all).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('tells those who follow the latest lines, then each once, however they cross', async () => {
    await say('one', 'two');
    const heard: string[] = [];
    const off = log.follow({ tail: 1 }, (event) =>
      heard.push(...linesOf(event).map(({ text }) => text)),
    );
    const others: string[] = [];
    log.follow({ tail: 0, search: 'four' }, (event) =>
      others.push(...linesOf(event).map(({ text }) => text)),
    );
    await Promise.all([say('three'), say('four')]);
    await vi.waitUntil(() => heard.length === 3 && others.length === 1);
    off();
    await say('five');
    expect(heard).toEqual(['two', 'three', 'four']);
    expect(others).toEqual(['four']);
  });

  it('tells each line once, at whatever moment one begins to follow', async () => {
    const followers: number[][] = [];
    for (let count = 1; count <= 50; count++) {
      const heard: number[] = [];
      followers.push(heard);
      void say(String(count));
      log.follow({ tail: 1000 }, (event) =>
        heard.push(...linesOf(event).map(({ sequence }) => sequence)),
      );
      if (count % 3 === 0) await new Promise(setImmediate);
    }
    await say('last');
    await vi.waitUntil(() => followers.every((heard) => heard.at(-1) === 51));
    for (const heard of followers) {
      expect(heard).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
    }
  });

  it('has written and told everything when nothing more is added', async () => {
    const heard: string[] = [];
    log.follow({ tail: 0 }, (event) => heard.push(...linesOf(event).map(({ text }) => text)));
    await log.read({ limit: 1 });
    void say('one');
    void say('two');
    await log.add([]);
    expect(heard).toEqual(['one', 'two']);
  });

  it('calls back at once where there is nothing', async () => {
    const called = Promise.withResolvers<number>();
    log.follow({ tail: 5 }, (event) => {
      called.resolve(linesOf(event).length);
    });
    expect(await called.promise).toBe(0);
    expect(await readdir(temporary.path)).toEqual([]);
  });

  it('forgets everything when it is cleared, and counts on', async () => {
    await say('one', 'two');
    await log.clear();
    expect(await log.read({ limit: 9 })).toEqual({
      lines: [],
      hasEarlier: false,
      oldestSequence: 3,
    });
    log = new SandboxLog(dir);
    await say('three');
    expect((await log.read({ limit: 9 })).lines).toMatchObject([{ sequence: 3, text: 'three' }]);
  });

  it('tells those who follow what is cleared or removed', async () => {
    const heard: SandboxLogEvent[] = [];
    await say('one', { text: 'a', source: 'command', commandId: 'x' });
    log.follow({ tail: 9 }, (event) => heard.push(event));
    await vi.waitUntil(() => heard.length === 1);
    await log.removeCommand('x');
    await log.clear();
    await say('three');
    expect(heard).toMatchObject([
      { type: 'latest', lines: [{ text: 'one' }, { text: 'a' }], oldestSequence: 1 },
      { type: 'removed', commandId: 'x' },
      { type: 'cleared', oldestSequence: 3 },
      { type: 'lines', lines: [{ text: 'three' }] },
    ]);
  });

  it('takes one command out, and leaves the rest as it was', async () => {
    log = new SandboxLog(dir, { maxParts: 9, partBytes: 300 });
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await say({ text, source: 'command', commandId: text < 'd' ? 'x' : 'y' }, `console ${text}`);
    }
    await log.removeCommand('x');
    expect(await texts({ sources: ['command'] })).toEqual(['d', 'e', 'f']);
    expect(await texts({ sources: ['console'] })).toHaveLength(6);
    await say('last');
    expect((await log.read({ limit: 1 })).lines).toMatchObject([{ sequence: 13, text: 'last' }]);
  });

  it('loses lines, and nothing else, where they cannot be written', async () => {
    const gone = path.join(temporary.path, 'removed', 'log');
    log = new SandboxLog(gone);
    await say('late');
    expect(await readdir(temporary.path)).toEqual([]);
    expect(await texts()).toEqual([]);
    await mkdir(path.dirname(gone));
    await say('now');
    expect(await texts()).toEqual(['now']);
  });

  it('takes nothing after its end', async () => {
    await say('one');
    await log.close();
    await say('two');
    expect(await new SandboxLog(dir).read({ limit: 9 })).toMatchObject({
      lines: [{ text: 'one' }],
    });
  });
});
