/** Commands of the in-memory host's sandboxes: a toy shell that takes its time. */
import type { z } from 'zod';
import type {
  CommandEvent,
  commandInputs,
  CommandOutput,
  CommandRun,
} from '../../../main/contract/commands.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { ExitStatus } from '../../../main/contract/session.ts';
import { fakeEvents } from './fake-events.ts';
import { failure } from './fake-failure.ts';
import type { FakeLogs } from './fake-logs.ts';

interface RunOfOne {
  run: CommandRun;
  readonly pieces: CommandOutput[];
  readonly listeners: Set<(piece: CommandOutput | undefined) => void>;
  end: (exit: ExitStatus) => void;
}

/** See the head of this file. */
export class FakeCommands {
  readonly #runs = new Map<string, RunOfOne[]>();
  readonly #listeners = new Set<(name: string, event: CommandEvent) => void>();
  readonly #logs: FakeLogs;
  readonly #stepMs: number;
  #counter = 0;

  constructor(logs: FakeLogs, stepMs: number) {
    this.#logs = logs;
    this.#stepMs = stepMs;
  }

  list(name: string): CommandRun[] {
    return this.#of(name).map(({ run }) => run);
  }

  async *watch(name: string, signal?: AbortSignal): AsyncGenerator<CommandEvent> {
    const subscribe = (push: (event: CommandEvent) => void) => {
      const listener = (of: string, event: CommandEvent) => {
        if (of === name) push(event);
      };
      this.#listeners.add(listener);
      return () => {
        this.#listeners.delete(listener);
      };
    };
    const all: CommandEvent = { type: 'all', runs: this.list(name) };
    yield* fakeEvents([all], subscribe, signal);
  }

  run(sandbox: Sandbox, request: z.output<typeof commandInputs.run>): CommandRun {
    const { name, line, script, command = [] } = request;
    if (sandbox.state !== 'running') {
      throw failure('sandbox/not-running', `The sandbox "${name}" is not running.`);
    }
    this.#counter += 1;
    const one: RunOfOne = {
      run: {
        id: `run-${String(this.#counter)}`,
        command: line === undefined ? [script ?? '', ...command] : ['/bin/sh', '-c', line],
        ...(line === undefined ? {} : { line }),
        ...(script === undefined ? {} : { script }),
        origin: 'window',
        startedAtMs: Date.now(),
      },
      pieces: [],
      listeners: new Set(),
      end: () => undefined,
    };
    this.#of(name).unshift(one);
    this.#tell(name, { type: 'changed', runs: [one.run] });
    void this.#play(name, one, line ?? script ?? command.join(' '));
    return one.run;
  }

  async *output(name: string, id: string, signal?: AbortSignal): AsyncGenerator<CommandOutput> {
    const one = this.#find(name, id);
    if (one.run.endedAtMs !== undefined) {
      yield* one.pieces;
      return;
    }
    const subscribe = (push: (piece: CommandOutput | undefined) => void) => {
      one.listeners.add(push);
      return () => {
        one.listeners.delete(push);
      };
    };
    const pieces = fakeEvents<CommandOutput | undefined>(one.pieces, subscribe, signal);
    for await (const piece of pieces) {
      if (piece === undefined) return;
      yield piece;
    }
  }

  signal(name: string, id: string, signal: number): void {
    this.#find(name, id).end({ kind: 'signalled', signal });
  }

  remove(name: string, id: string): void {
    const { run } = this.#find(name, id);
    this.#runs.set(
      name,
      this.#of(name).filter((other) => other.run !== run),
    );
    this.#tell(name, { type: 'removed', ids: [id] });
    this.#logs.removeCommand(name, id);
  }

  async #play(name: string, one: RunOfOne, line: string): Promise<void> {
    let stopped: ExitStatus | undefined;
    let wake: () => void = () => undefined;
    one.end = (exit) => {
      stopped = exit;
      wake();
    };
    for (const piece of piecesOf(line)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, this.#stepMs);
      });
      if (stopped !== undefined) break;
      this.#say(name, one, piece);
    }
    const isUnknown = /^(false|nosuch)/.test(line);
    const exit: ExitStatus = stopped ?? { kind: 'exited', code: isUnknown ? 1 : 0 };
    one.run = { ...one.run, endedAtMs: Date.now(), exit };
    for (const listener of one.listeners) listener(undefined);
    this.#tell(name, { type: 'changed', runs: [one.run] });
  }

  #say(name: string, one: RunOfOne, piece: CommandOutput): void {
    one.pieces.push(piece);
    for (const listener of one.listeners) listener(piece);
    const { stream } = piece;
    const lines = piece.text.split('\n').filter((text) => text !== '');
    const commandId = one.run.id;
    this.#logs.add(
      name,
      lines.map((text) => ({ source: 'command', stream, commandId, text })),
    );
  }

  #tell(name: string, event: CommandEvent): void {
    for (const listener of this.#listeners) listener(name, event);
  }

  #of(name: string): RunOfOne[] {
    const known = this.#runs.get(name) ?? [];
    this.#runs.set(name, known);
    return known;
  }

  #find(name: string, id: string): RunOfOne {
    const one = this.#of(name).find(({ run }) => run.id === id);
    if (one === undefined) throw failure('command/not-found', `No run has the id "${id}".`);
    return one;
  }
}

function* piecesOf(line: string): Generator<CommandOutput> {
  if (line.startsWith('yes')) {
    for (;;) yield { stream: 'stdout', text: 'y\n'.repeat(50) };
  }
  if (line.startsWith('sleep')) {
    for (let step = 0; step < 600; step += 1) yield { stream: 'stdout', text: '' };
  }
  if (/^(false|nosuch)/.test(line)) {
    yield { stream: 'stderr', text: `sh: ${line}: not found\n` };
    return;
  }
  yield { stream: 'stdout', text: `\u001b[1m$ ${line}\u001b[0m\n` };
  for (let step = 1; step <= 8; step += 1) {
    yield { stream: 'stdout', text: `\u001b[32mok\u001b[0m  step ${String(step)} of 8\n` };
    if (step === 5)
      yield { stream: 'stderr', text: '\u001b[33mwarning\u001b[0m: one is skipped\n' };
  }
}
