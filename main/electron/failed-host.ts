/** Stands in where no engine could be opened: every request is answered with the reason. */
import { toOrpcError } from '../api/errors.ts';
import { createRouter } from '../api/router.ts';
import type { Engine, Logger } from '../engine/index.ts';
import type { DesktopHost } from './desktop-host.ts';
import { createEngineHost } from './engine-host.ts';

/** A host whose every procedure fails with `reason`, so that the window can show it. */
export function createFailedHost(reason: unknown, logger: Logger): DesktopHost {
  const engine = failingEngine(reason, logger);
  const router = createRouter(engine, logger);
  const host = createEngineHost({ engine, router, close: () => engine.close() }, logger);
  return {
    ...host,
    runningCount: () => 0,
    watchSandboxes: (listener) => {
      listener([]);
      return () => undefined;
    },
    ended: true,
  };
}

function failingEngine(reason: unknown, logger: Logger): Engine {
  const fail = (): never => {
    throw reason;
  };
  const failLater = (): Promise<never> => Promise.resolve().then(fail);
  return {
    stateDir: '',
    subscribe: () => {
      // Thrown amid an iteration, where the router no longer turns errors into the client's form.
      throw toOrpcError(reason, 'events', logger);
    },
    host: {
      report: failLater,
      completePath: failLater,
      diagnostics: failLater,
      openTerminal: failLater,
    },
    config: { build: failLater },
    images: {
      list: failLater,
      inspect: failLater,
      pull: failLater,
      push: failLater,
      search: failLater,
      tag: failLater,
      remove: failLater,
      prune: failLater,
      usage: failLater,
      setLimit: failLater,
      check: failLater,
      import: failLater,
      programs: failLater,
      localImages: failLater,
      importFrom: failLater,
      export: failLater,
      commit: failLater,
      build: failLater,
    },
    templates: { list: failLater, clear: failLater },
    snapshots: {
      list: fail,
      create: failLater,
      rename: failLater,
      remove: failLater,
      restore: failLater,
      branch: failLater,
      compare: failLater,
      changes: failLater,
    },
    registries: {
      list: failLater,
      storage: failLater,
      login: failLater,
      logout: failLater,
      configure: failLater,
      remove: failLater,
      test: failLater,
    },
    sandboxes: {
      list: fail,
      inspect: fail,
      suggest: failLater,
      create: failLater,
      configure: failLater,
      duplicate: failLater,
      start: failLater,
      pause: failLater,
      resume: failLater,
      suspend: failLater,
      stop: failLater,
      restart: failLater,
      remove: failLater,
      exec: failLater,
      shell: failLater,
      sessions: fail,
      boots: failLater,
    },
    network: {
      inspect: fail,
      subscribe: fail,
      log: fail,
      set: failLater,
      decide: failLater,
      forget: failLater,
      addPort: failLater,
      removePort: failLater,
      listeners: failLater,
      test: failLater,
      testConfig: failLater,
    },
    volumes: { list: failLater, inspect: failLater, create: failLater, remove: failLater },
    presets: { list: failLater, save: failLater, remove: failLater },
    sessions: { inspect: fail, activity: failLater, close: failLater, attach: fail },
    files: {
      ...{ list: failLater, inspect: failLater, read: failLater, write: failLater },
      ...{ rename: failLater, remove: failLater, makeDirectory: failLater, setMode: failLater },
      ...{ setOwner: failLater, changes: failLater, download: failLater, upload: failLater },
    },
    logs: { read: failLater, follow: fail, clear: failLater },
    stats: { watch: fail, watchAll: fail, processes: failLater },
    commands: {
      ...{ list: fail, watch: fail, run: failLater, output: fail },
      ...{ signal: failLater, remove: failLater },
    },
    operations: { get: fail, cancel: failLater, onOutput: fail, wait: failLater },
    close: () => Promise.resolve(),
  };
}
