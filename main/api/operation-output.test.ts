import { describe, expect, it } from 'vitest';
import { Emitter } from '../engine/base/emitter.ts';
import { OperationTracker } from '../engine/sandbox/operation-tracker.ts';
import type { EngineEvent } from '../contract/event.ts';
import type { Engine } from '../engine/engine.ts';
import { operationOutput } from './operation-output.ts';

/** The real tracker, as the engine has it. */
function anEngine() {
  const events = new Emitter<EngineEvent>();
  const tracker = new OperationTracker((operation) => {
    events.emit({ type: 'operation', operation });
  });
  const operations: Engine['operations'] = {
    get: (id) => tracker.get(id),
    cancel: (id) => tracker.cancel(id),
    onOutput: (id, listener) => tracker.onOutput(id, listener),
    wait: (id) => tracker.wait(id),
  };
  const subscribe: Engine['subscribe'] = (listener) => events.on(listener);
  return { tracker, engine: { operations, subscribe } };
}

async function readAll(output: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const text of output) all += text;
  return all;
}

describe('operationOutput', () => {
  it('gives what was said, then what is said, and ends with the operation', async () => {
    const { tracker, engine } = anEngine();
    const { promise: goOn, resolve } = Promise.withResolvers<undefined>();
    const { id } = tracker.start('build', 'app', [], async (progress) => {
      progress.output('one\n');
      await goOn;
      progress.output('two\n');
    });
    await new Promise(setImmediate);
    const output = operationOutput(engine, id, undefined);
    expect((await output.next()).value).toBe('one\n');
    resolve(undefined);
    expect(await readAll(output)).toBe('two\n');
  });

  it('gives everything of one that has ended already', async () => {
    const { tracker, engine } = anEngine();
    const { id } = tracker.start('build', 'app', [], (progress) => {
      progress.output('all of it\n');
      return Promise.resolve();
    });
    await tracker.wait(id);
    expect(await readAll(operationOutput(engine, id, undefined))).toBe('all of it\n');
  });

  it('lets a slow client miss the middle of a flood, and neither its end nor that it did', async () => {
    const { tracker, engine } = anEngine();
    const { promise: goOn, resolve } = Promise.withResolvers<undefined>();
    const { id } = tracker.start('build', 'app', [], async (progress) => {
      progress.output('begin\n');
      await goOn;
      for (let count = 0; count < 2000; count += 1) progress.output(`${'x'.repeat(1023)}\n`);
      progress.output('end\n');
    });
    await new Promise(setImmediate);
    const output = operationOutput(engine, id, undefined);
    expect((await output.next()).value).toBe('begin\n');
    resolve(undefined);
    await tracker.wait(id);
    const rest = await readAll(output);
    expect(rest.length).toBeLessThanOrEqual(257 * 1024);
    expect(rest.startsWith('…\n')).toBe(true);
    expect(rest.endsWith('end\n')).toBe(true);
  });

  it('refuses an operation that is not there', async () => {
    const { engine } = anEngine();
    await expect(operationOutput(engine, 'none', undefined).next()).rejects.toThrow('none');
  });
});
