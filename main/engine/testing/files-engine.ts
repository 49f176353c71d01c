/**
 * The fake engine with real files: those of this machine, by the agent that runs on it. A path of a
 * sandbox is one of this machine.
 */
import type { Agent } from '../agent/agent.ts';
import type { Engine } from '../engine.ts';
import { fileCalls } from '../sandbox/files/file-calls.ts';
import { OperationTracker } from '../sandbox/operation-tracker.ts';
import { SessionDirectory } from '../sandbox/session/session-directory.ts';
import { LocalMirrors } from '../terminal/testing/local-mirrors.ts';
import type { FakeEngine } from './fake-engine.ts';

/** See the head of this file. @param agent asked anew for each call */
export function withFiles(fake: FakeEngine, agent: () => Agent): Engine {
  const tracker = new OperationTracker((operation) => {
    fake.emit({ type: 'operation', operation });
  });
  const directory = new SessionDirectory(new LocalMirrors());
  /** Creations are the fake's. */
  const of = (id: string): Engine['operations'] =>
    tracker.list().some((operation) => operation.id === id) ? tracker : fake.operations;
  const { stateDir, config, host, images, registries, sandboxes } = fake;
  const { logs, stats, commands, network, volumes, presets, snapshots, templates } = fake;
  return {
    ...{ stateDir, config, host, images, registries, sandboxes },
    ...{ logs, stats, commands, network, volumes, presets, snapshots, templates },
    subscribe: (listener) => fake.subscribe(listener),
    close: () => fake.close(),
    files: fileCalls({
      running: (name) => {
        const { id } = fake.sandboxes.inspect(name);
        const user = String(process.getuid?.() ?? 0);
        return { agent: agent(), run: { id, name, startedAtMs: 0 }, user };
      },
      sessions: directory,
      operations: tracker,
    }),
    sessions: { ...fake.sessions, attach: (id, sink) => directory.attach(id, sink) },
    operations: {
      get: (id) => of(id).get(id),
      cancel: (id) => of(id).cancel(id),
      onOutput: (id, listener) => of(id).onOutput(id, listener),
      wait: (id) => of(id).wait(id),
    },
  };
}
