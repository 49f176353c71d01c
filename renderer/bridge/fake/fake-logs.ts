/** The logs of the in-memory host's sandboxes: a boot that is made up, then what goes on. */
import type { z } from 'zod';
import type { LogEvent, logInputs, LogLine, LogPage } from '../../../main/contract/logs.ts';
import { fakeEvents } from './fake-events.ts';

type Filter = Omit<z.output<typeof logInputs.follow>, 'tail'>;

const boot: readonly Pick<LogLine, 'source' | 'text'>[] = [
  { source: 'console', text: '[    0.000000] Linux version 6.1.0-37-cloud-amd64 (gcc 12.2.0)' },
  { source: 'console', text: '[    0.000000] Command line: console=ttyS0 panic=-1 quiet' },
  { source: 'console', text: '[    0.214518] virtio_blk virtio0: [vda] 16777216 512-byte blocks' },
  { source: 'console', text: '[    0.302117] \u001b[33mrandom: crng init done\u001b[0m' },
  { source: 'agent', text: 'Assembled the root of 3 layers in 84 ms.' },
  { source: 'agent', text: 'The network is up: 10.0.2.15/24.' },
  {
    source: 'console',
    text: '[    0.911203] \u001b[1;32mOK\u001b[0m  Reached the sandbox’s root.',
  },
];

const running: readonly Pick<LogLine, 'source' | 'stream' | 'text'>[] = [
  {
    source: 'command',
    stream: 'stdout',
    text: '\u001b[32mINFO\u001b[0m  GET /health 200 in 1.2 ms',
  },
  {
    source: 'command',
    stream: 'stdout',
    text: '\u001b[32mINFO\u001b[0m  GET /items?page=2 200 in 14 ms',
  },
  {
    source: 'command',
    stream: 'stderr',
    text: '\u001b[33mWARN\u001b[0m  cache miss for \u001b[36mitems:2\u001b[0m',
  },
  {
    source: 'command',
    stream: 'stderr',
    text: '\u001b[31mERROR\u001b[0m upstream timed out after 2000 ms',
  },
  {
    source: 'console',
    text: '[  181.440021] TCP: request_sock_TCP: Possible SYN flooding on port 80',
  },
  { source: 'agent', text: 'Sent 41 statistics.' },
];

/** See the head of this file. */
export class FakeLogs {
  readonly #logs = new Map<string, LogLine[]>();
  readonly #listeners = new Set<(name: string, event: LogEvent) => void>();
  readonly #cleared = new WeakMap<readonly LogLine[], number>();
  readonly #lineCount: number;
  readonly #everyMs: number;

  /** @param everyMs between two made-up lines while a log is followed; 0 for none */
  constructor(lineCount: number, everyMs: number) {
    this.#lineCount = lineCount;
    this.#everyMs = everyMs;
  }

  read(request: z.output<typeof logInputs.read>): LogPage {
    const { beforeSequence = Infinity, limit } = request;
    const all = this.#of(request.name);
    const found = all.filter((line) => line.sequence < beforeSequence && isWanted(line, request));
    return {
      lines: found.slice(Math.max(0, found.length - limit)),
      hasEarlier: found.length > limit,
      oldestSequence: all[0]?.sequence ?? 0,
    };
  }

  async *follow(request: Filter & { readonly tail: number }, signal?: AbortSignal) {
    const { name, tail } = request;
    const subscribe = (push: (event: LogEvent) => void) => {
      const listener = (of: string, event: LogEvent) => {
        if (of !== name) return;
        if (event.type !== 'lines') {
          push(event);
          return;
        }
        const lines = event.lines.filter((line) => isWanted(line, request));
        if (lines.length > 0) push({ type: 'lines', lines });
      };
      this.#listeners.add(listener);
      const timer =
        this.#everyMs === 0
          ? undefined
          : setInterval(() => {
              const line = running[Math.floor(Math.random() * running.length)] ?? running[0];
              if (line !== undefined) this.add(name, [line]);
            }, this.#everyMs);
      return () => {
        clearInterval(timer);
        this.#listeners.delete(listener);
      };
    };
    const latest: LogEvent = { type: 'latest', ...this.read({ ...request, limit: tail }) };
    yield* fakeEvents([latest], subscribe, signal);
  }

  add(name: string, lines: readonly Omit<LogLine, 'sequence' | 'atMs'>[]): void {
    const log = this.#of(name);
    const from = this.#nextSequence(log);
    const more = lines.map((line, index) => ({
      ...line,
      sequence: from + index,
      atMs: Date.now(),
    }));
    log.push(...more);
    this.#tell(name, { type: 'lines', lines: more });
  }

  clear(name: string): void {
    const log = this.#of(name);
    const oldestSequence = this.#nextSequence(log);
    this.#cleared.set(log, oldestSequence);
    log.length = 0;
    this.#tell(name, { type: 'cleared', oldestSequence });
  }

  removeCommand(name: string, commandId: string): void {
    const log = this.#of(name);
    log.splice(0, log.length, ...log.filter((line) => line.commandId !== commandId));
    this.#tell(name, { type: 'removed', commandId });
  }

  /** Numbers go on where there is nothing any more. */
  #nextSequence(log: readonly LogLine[]): number {
    return Math.max((log.at(-1)?.sequence ?? 0) + 1, this.#cleared.get(log) ?? 1);
  }

  #tell(name: string, event: LogEvent): void {
    for (const listener of this.#listeners) listener(name, event);
  }

  #of(name: string): LogLine[] {
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const now = Date.now();
    const log = Array.from({ length: this.#lineCount }, (_, index): LogLine => {
      const line = boot[index] ?? running[(index * 7) % running.length] ?? boot[0];
      const atMs = now - (this.#lineCount - index) * 400;
      return { source: 'console', text: '', ...line, sequence: index + 1, atMs };
    });
    this.#logs.set(name, log);
    return log;
  }
}

function isWanted(line: LogLine, filter: Filter): boolean {
  const { sources, commandId, stream, search, fromMs = 0, toMs = Infinity } = filter;
  return (
    (sources?.includes(line.source) ?? true) &&
    (commandId === undefined || line.commandId === commandId) &&
    (stream === undefined || line.stream === stream) &&
    (search === undefined || line.text.toLowerCase().includes(search.toLowerCase())) &&
    line.atMs >= fromMs &&
    line.atMs <= toMs
  );
}
