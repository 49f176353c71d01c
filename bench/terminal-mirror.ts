import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import xterm from '@xterm/headless';
import { TerminalMirror } from '../main/engine/terminal/terminal-mirror.ts';
import { compare, type Figure } from './statistics.ts';

const rows = 40;
const columns = 120;
const scrollback = 10_000;
const megabytes = 8;
const deaf = { onAnswer: () => undefined, onTitle: () => undefined };

const plainLine = `${'The quick brown fox jumps over the lazy dog. '.repeat(3).slice(0, 115)}\r\n`;
const colourLine = `${Array.from(
  { length: 16 },
  (_, index) => `\x1b[38;5;${String(index * 3 + 16)};1mword${String(index % 10)}\x1b[0m `,
).join('')}\r\n`;

/**
 * What mirroring a terminal costs: each against a headless xterm.js that is given the same and keeps
 * nothing besides, which is the limit.
 */
export async function benchTerminalMirror(rounds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, line] of [
    ['plain', plainLine],
    ['colours', colourLine],
  ] as const) {
    const chunk = Buffer.from(line.repeat(Math.floor(65_536 / line.length)));
    const about = { name: `mirror-8-MB-${name}`, unit: 'ms', against: 'xterm.js alone' } as const;
    figures.push(
      await compare(
        about,
        rounds,
        () => mirrorMs(chunk),
        () => bareMs(chunk),
      ),
    );
  }
  const full = fullMirror();
  figures.push(
    await compare(
      { name: 'mirror-snapshot-10000-lines', unit: 'ms', against: 'drawing that snapshot' },
      rounds,
      () => Promise.resolve(timed(() => full.snapshot())),
      () =>
        Promise.resolve(
          timed(() => {
            replay(full);
          }),
        ),
    ),
    await compare(
      { name: 'mirror-snapshot-size', unit: 'MiB', against: 'the bytes that were drawn' },
      1,
      () => Promise.resolve(full.snapshot().bytes.length / 2 ** 20),
      () => Promise.resolve((plainLine.length * scrollback) / 2 ** 20),
    ),
    await benchMemory(),
  );
  full.dispose();
  return figures;
}

function fullMirror(): TerminalMirror {
  const mirror = new TerminalMirror({ rows, columns }, deaf);
  mirror.write(Buffer.from(plainLine.repeat(scrollback + rows)));
  return mirror;
}

function replay(mirror: TerminalMirror): void {
  const other = new TerminalMirror({ rows, columns }, deaf);
  other.write(mirror.snapshot().bytes);
  other.dispose();
}

function timed(work: () => unknown): number {
  const startedAtMs = performance.now();
  work();
  return performance.now() - startedAtMs;
}

function mirrorMs(chunk: Uint8Array): Promise<number> {
  const mirror = new TerminalMirror({ rows, columns }, deaf);
  const chunks = Math.ceil((megabytes * 1e6) / chunk.length);
  const ms = timed(() => {
    for (let index = 0; index < chunks; index += 1) mirror.write(chunk);
  });
  mirror.dispose();
  return Promise.resolve(ms);
}

async function bareMs(chunk: Uint8Array): Promise<number> {
  const terminal = new xterm.Terminal({ rows, cols: columns, scrollback, allowProposedApi: true });
  const chunks = Math.ceil((megabytes * 1e6) / chunk.length);
  const startedAtMs = performance.now();
  for (let index = 0; index < chunks; index += 1) {
    await new Promise<void>((resolve) => {
      terminal.write(chunk, resolve);
    });
  }
  const ms = performance.now() - startedAtMs;
  terminal.dispose();
  return ms;
}

/** Of ten terminals, each. */
async function benchMemory(): Promise<Figure> {
  const count = 10;
  const before = await usedBytes();
  const mirrors = Array.from({ length: count }, fullMirror);
  const after = await usedBytes();
  const cellBytes = 12;
  const figure = await compare(
    { name: 'mirror-memory-full', unit: 'MiB', against: 'its cells' },
    1,
    () => Promise.resolve((after - before) / count / 2 ** 20),
    () => Promise.resolve(((scrollback + rows) * columns * cellBytes) / 2 ** 20),
  );
  for (const mirror of mirrors) mirror.dispose();
  return figure;
}

async function usedBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Buffers that are no longer used are given back in later turns.
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await delay(100);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
