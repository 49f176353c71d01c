/** An engine of a few answers for the transports' tests: what counts there is the way to it. */
import type { HostReport } from '../../contract/host.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import { AppError, type Engine, type SessionSink } from '../../engine/index.ts';

/** The one session that {@link createEchoEngine} has. */
export const echoSessionId = 'session-1';

/** What a test asks of it besides the engine's own calls. */
export interface EchoEngine extends Engine {
  /** Clients that hear events now. */
  readonly subscribers: number;
  /** Clients that are attached to the session now. */
  readonly attached: number;
  closed: boolean;
  running: number;
}

const report: HostReport = {
  version: '0.0.0-test',
  platform: 'linux',
  cpus: 2,
  memoryMiB: 1024,
  accelerator: 'tcg',
  stateDir: '/state',
  checks: [],
  host: null,
};

/** A session that sends back what it gets, a report, and nothing else. */
export function createEchoEngine(): EchoEngine {
  const unsupported = (): never => {
    throw new AppError('vm/unsupported', 'The echo engine has no virtual machines.');
  };
  const subscribers = new Set<unknown>();
  const attached = new Set<SessionSink>();
  const engine: EchoEngine = {
    stateDir: report.stateDir,
    closed: false,
    running: 0,
    get subscribers() {
      return subscribers.size;
    },
    get attached() {
      return attached.size;
    },
    subscribe: (listener) => {
      const key = {};
      subscribers.add(key);
      listener({ type: 'snapshot', sandboxes: [], images: [], operations: [], snapshots: [] });
      return () => subscribers.delete(key);
    },
    host: {
      report: () => Promise.resolve(report),
      completePath: unsupported,
      openTerminal: unsupported,
      diagnostics: unsupported,
    },
    config: { build: unsupported },
    images: {
      list: () => Promise.resolve([]),
      inspect: unsupported,
      pull: unsupported,
      push: unsupported,
      search: unsupported,
      tag: unsupported,
      remove: unsupported,
      prune: unsupported,
      usage: unsupported,
      setLimit: unsupported,
      check: unsupported,
      import: unsupported,
      programs: unsupported,
      localImages: unsupported,
      importFrom: unsupported,
      export: unsupported,
      commit: unsupported,
      build: unsupported,
    },
    templates: { list: unsupported, clear: unsupported },
    snapshots: {
      list: unsupported,
      create: unsupported,
      rename: unsupported,
      remove: unsupported,
      restore: unsupported,
      branch: unsupported,
      compare: unsupported,
      changes: unsupported,
    },
    registries: {
      list: unsupported,
      storage: unsupported,
      login: unsupported,
      logout: unsupported,
      configure: unsupported,
      remove: unsupported,
      test: unsupported,
    },
    sandboxes: {
      list: () => Array.from({ length: engine.running }, () => ({ state: 'running' }) as Sandbox),
      inspect: unsupported,
      suggest: unsupported,
      create: unsupported,
      configure: unsupported,
      duplicate: unsupported,
      start: unsupported,
      pause: unsupported,
      resume: unsupported,
      suspend: unsupported,
      stop: unsupported,
      restart: unsupported,
      remove: unsupported,
      exec: unsupported,
      shell: unsupported,
      sessions: () => [],
      boots: unsupported,
    },
    network: {
      inspect: unsupported,
      subscribe: unsupported,
      log: unsupported,
      set: unsupported,
      decide: unsupported,
      forget: unsupported,
      addPort: unsupported,
      removePort: unsupported,
      listeners: unsupported,
      test: unsupported,
      testConfig: unsupported,
    },
    volumes: {
      list: unsupported,
      inspect: unsupported,
      create: unsupported,
      remove: unsupported,
    },
    presets: { list: unsupported, save: unsupported, remove: unsupported },
    sessions: {
      inspect: unsupported,
      activity: unsupported,
      close: unsupported,
      attach: (id, sink) => {
        if (id !== echoSessionId) throw new AppError('session/not-found', `No session "${id}".`);
        attached.add(sink);
        return {
          write: (bytes) => {
            sink.onStdout(bytes.slice());
            return Promise.resolve();
          },
          endInput: () => {
            sink.onExit({ kind: 'exited', code: 7 });
          },
          resize: () => undefined,
          setSizing: () => undefined,
          signal: () => undefined,
          acknowledge: () => undefined,
          detach: () => attached.delete(sink),
        };
      },
    },
    files: {
      ...{ list: unsupported, inspect: unsupported, read: unsupported, write: unsupported },
      ...{
        rename: unsupported,
        remove: unsupported,
        makeDirectory: unsupported,
        setMode: unsupported,
      },
      ...{
        setOwner: unsupported,
        changes: unsupported,
        download: unsupported,
        upload: unsupported,
      },
    },
    logs: { read: unsupported, follow: unsupported, clear: unsupported },
    stats: { watch: unsupported, watchAll: unsupported, processes: unsupported },
    commands: {
      ...{ list: unsupported, watch: unsupported, run: unsupported, output: unsupported },
      ...{ signal: unsupported, remove: unsupported },
    },
    operations: {
      get: unsupported,
      cancel: unsupported,
      onOutput: unsupported,
      wait: unsupported,
    },
    close: () => {
      engine.closed = true;
      return Promise.resolve();
    },
  };
  return engine;
}
