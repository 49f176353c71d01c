/** Binds the contract to the in-memory host, with the contract's own validation. */
import { implement } from '@orpc/server';
import { classifyChanges } from '../../../main/contract/config/config-changes.ts';
import { parseCreateRequest } from '../../../main/contract/config/parse-config.ts';
import { contract } from '../../../main/contract/contract.ts';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { aHostReport } from '../../testing/builders.ts';
import { failure } from './fake-failure.ts';
import { fakeDiagnostics } from './fake-diagnostics.ts';
import type { FakeHost } from './fake-host.ts';
import { fakeEvents } from './fake-events.ts';
import { fakeBoots } from './fake-boots.ts';
import { createFakeFilesRouter } from './fake-files-router.ts';
import { createFakeImageRouter } from './fake-image-router.ts';
import { createFakeLiveRouter } from './fake-live-router.ts';
import { createFakeNetworkRouter } from './fake-network-router.ts';
import { createFakeRegistryRouter } from './fake-registry-router.ts';
import { createFakeSnapshotRouter } from './fake-snapshot-router.ts';
import { createFakeExecRouter, createFakeSessionRouter } from './fake-session-router.ts';

const os = implement(contract);

/** The router of an in-memory host. */
export function createFakeRouter(host: FakeHost) {
  const find = (name: string): Sandbox => {
    const sandbox = host.sandboxes.get(name);
    if (sandbox === undefined) {
      throw failure('sandbox/not-found', `No sandbox has the name "${name}".`);
    }
    return sandbox;
  };

  return {
    host: {
      report: os.host.report.handler(() => aHostReport()),
      completePath: os.host.completePath.handler(() => []),
      openTerminal: os.host.openTerminal.handler(({ input }) => {
        find(input.name);
        return { emulator: '/usr/bin/xterm' };
      }),
      templates: os.host.templates.handler(() => [...host.templates]),
      clearTemplates: os.host.clearTemplates.handler(() => {
        host.templates = [];
      }),
      diagnostics: os.host.diagnostics.handler(() => fakeDiagnostics(host)),
    },
    config: {
      build: os.config.build.handler(({ input }) => {
        const { request, problems } = parseCreateRequest(input);
        if (request === undefined) return { problems: [...problems], notes: [] };
        const { replace: _ofTheRequest, ...config } = request;
        return { config, problems: [], notes: [] };
      }),
    },
    events: os.events.handler(({ signal }) => eventsOf(host, signal)),
    images: createFakeImageRouter(host),
    registries: createFakeRegistryRouter(host.registries),
    sandboxes: {
      list: os.sandboxes.list.handler(() => [...host.sandboxes.values()]),
      inspect: os.sandboxes.inspect.handler(({ input }) => find(input.name)),
      suggest: os.sandboxes.suggest.handler(() => ({
        name: suggestName(host),
        image: 'skerry/starter',
      })),
      create: os.sandboxes.create.handler(({ input }) => {
        if (host.sandboxes.has(input.name)) {
          throw failure('sandbox/name-taken', `A sandbox named "${input.name}" is there already.`);
        }
        const { replace: _ofTheRequest, ...config } = input;
        return host.create(config);
      }),
      configure: os.sandboxes.configure.handler(({ input }) => {
        const before = find(input.name);
        const changes = classifyChanges(before.config, input.config);
        return { sandbox: host.put({ ...before, config: input.config }), changes };
      }),
      duplicate: os.sandboxes.duplicate.handler(({ input }) =>
        host.create({ ...find(input.name).config, name: input.as }),
      ),
      start: os.sandboxes.start.handler(({ input }) =>
        host.start(find(input.name), input.fromDisk),
      ),
      pause: os.sandboxes.pause.handler(({ input }) => {
        const sandbox = find(input.name);
        if (sandbox.state !== 'running') {
          throw failure('sandbox/not-running', `"${input.name}" is ${sandbox.state}.`);
        }
        return host.put({ ...sandbox, state: 'paused' });
      }),
      resume: os.sandboxes.resume.handler(({ input }) =>
        host.put({ ...find(input.name), state: 'running' }),
      ),
      suspend: os.sandboxes.suspend.handler(({ input }) => host.suspend(find(input.name))),
      stop: os.sandboxes.stop.handler(({ input }) => {
        const { vmPid: _pid, bootMs: _boot, suspended: _memory, ...rest } = find(input.name);
        return host.put({ ...rest, state: 'stopped' });
      }),
      restart: os.sandboxes.restart.handler(({ input }) => host.start(find(input.name))),
      remove: os.sandboxes.remove.handler(({ input }) => {
        host.remove(find(input.name));
      }),
      ...createFakeExecRouter(host, find),
      boots: os.sandboxes.boots.handler(({ input }) => fakeBoots(find(input.name))),
    },
    snapshots: createFakeSnapshotRouter(host, find),
    sessions: createFakeSessionRouter(host),
    files: createFakeFilesRouter(host, find),
    ...createFakeLiveRouter(host, find),
    network: createFakeNetworkRouter(host, find),
    volumes: {
      list: os.volumes.list.handler(() => []),
      inspect: os.volumes.inspect.handler(({ input }) => {
        throw failure('volume/not-found', `There is no volume named "${input.name}".`);
      }),
      create: os.volumes.create.handler(({ input }) => ({
        name: input.name,
        path: `/volumes/${input.name}/data`,
        createdAtMs: Date.now(),
        usedBy: [],
      })),
      remove: os.volumes.remove.handler(({ input }) => {
        throw failure('volume/not-found', `There is no volume named "${input.name}".`);
      }),
    },
    presets: {
      list: os.presets.list.handler(() => []),
      save: os.presets.save.handler(({ input }) => {
        const { name, description } = input;
        return { name, title: name, description, origin: 'own' as const, request: {} };
      }),
      remove: os.presets.remove.handler(({ input }) => {
        throw failure('preset/not-found', `There is no preset named "${input.name}".`);
      }),
    },
    operations: {
      cancel: os.operations.cancel.handler(({ input }) => {
        host.operations.cancel(input.id);
      }),
      output: os.operations.output.handler(({ input, signal }) =>
        host.operations.output(input.id, signal),
      ),
      watch: os.operations.watch.handler(async function* ({ input, signal }) {
        const first = host.operations.all.get(input.id);
        if (first === undefined) {
          throw failure('operation/not-found', `No operation has the id "${input.id}".`);
        }
        yield first;
        if (first.state !== 'running') return;
        for await (const event of eventsOf(host, signal)) {
          if (event.type !== 'operation' || event.operation.id !== input.id) continue;
          yield event.operation;
          if (event.operation.state !== 'running') return;
        }
      }),
    },
  };
}

const adjectives = ['quiet', 'bright', 'salty', 'windy', 'tidal', 'mossy'];
const birds = ['heron', 'gannet', 'puffin', 'tern', 'eider', 'skua'];

function suggestName(host: FakeHost): string {
  const pick = (words: readonly string[]) => words[Math.floor(Math.random() * words.length)] ?? '';
  for (;;) {
    const name = `${pick(adjectives)}-${pick(birds)}`;
    if (!host.sandboxes.has(name)) return name;
  }
}

async function* eventsOf(host: FakeHost, signal?: AbortSignal): AsyncGenerator<EngineEvent> {
  yield* fakeEvents([host.snapshot()], (push) => host.subscribe(push), signal);
}
