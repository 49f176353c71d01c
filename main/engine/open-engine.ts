/** Assembles an engine over a state directory from its parts. */
import path from 'node:path';
import type { EngineEvent } from '../contract/event.ts';
import type { HostCheck } from '../contract/host.ts';
import { sandboxConfigSchema } from '../contract/sandbox-config.ts';
import type { NamedVolume } from '../contract/volume.ts';
import { connectAgent } from './agent/agent-client.ts';
import { isAppError } from './base/app-error.ts';
import { Emitter } from './base/emitter.ts';
import type { Logger } from './base/logger.ts';
import type { Engine } from './engine.ts';
import { createUpperDisk, loadGuestAssets } from './host/guest-assets-folder.ts';
import { chooseAccelerator } from './host/host-checks.ts';
import { reportHost } from './host/host-report.ts';
import type { SkerryPaths } from './host/paths.ts';
import { acquireStateLock } from './host/state-lock.ts';
import { ImageLibrary } from './image/image-library.ts';
import { buildConfig, toConfigReport } from './config/build-config.ts';
import { completePath } from './host/complete-path.ts';
import { findShareSupport } from './host/share-support.ts';
import { Presets } from './preset/presets.ts';
import { Gateways } from './net/gateway/gateways.ts';
import { networkCalls } from './sandbox/network-calls.ts';
import { imageCalls } from './sandbox/image-calls.ts';
import { registryCalls } from './sandbox/registry-calls.ts';
import { OperationTracker } from './sandbox/operation-tracker.ts';
import { SandboxRecords } from './sandbox/sandbox-records.ts';
import { Sandboxes } from './sandbox/sandboxes.ts';
import { SessionDirectory } from './sandbox/session-directory.ts';
import { suggestName } from './sandbox/suggest-name.ts';
import { QemuDriver } from './vm/qemu/qemu-driver.ts';
import { NamedVolumes, type StoredVolume } from './volume/named-volumes.ts';
import { checkVolumeIsUnused } from './sandbox/volume-users.ts';

/** What an engine is opened with. */
export interface EngineOptions {
  readonly paths: SkerryPaths;
  /** Unix socket at which the host process serves its clients; written into the lock. */
  readonly socketPath: string;
  readonly version: string;
  readonly logger: Logger;
  /** The presets that came with this program. */
  readonly presetsDir: string;
}

/** Reference of the image that every state directory begins with. */
const starterReference = 'skerry/starter';

/**
 * Opens the engine of a state directory and finds the machines that still run.
 * @throws AppError `host/already-running` where another process has it
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { paths, logger } = options;
  const lock = await acquireStateLock(paths.stateDir, options.socketPath);
  try {
    return await assemble(options, () => lock.release());
  } catch (error) {
    await lock.release();
    logger.error('The engine could not be opened.', { error: String(error) });
    throw error;
  }
}

async function assemble(options: EngineOptions, release: () => Promise<void>): Promise<Engine> {
  const { paths, logger } = options;
  const events = new Emitter<EngineEvent>();
  const library = await ImageLibrary.open({ dir: path.join(paths.stateDir, 'images'), logger });
  await importStarter(library, paths.cacheDir, logger);

  let images = await library.list();
  const refreshImages = async (): Promise<void> => {
    images = await library.list();
    events.emit({ type: 'images', images });
  };
  const operations = new OperationTracker((operation) => {
    events.emit({ type: 'operation', operation });
    if (operation.state === 'running') return;
    refreshImages().catch((error: unknown) => {
      logger.error('The images could not be listed.', { error: String(error) });
    });
  });
  const sessions = new SessionDirectory();
  const volumes = await NamedVolumes.open(path.join(paths.stateDir, 'volumes'));
  const presets = new Presets({
    shippedDir: options.presetsDir,
    ownDir: path.join(paths.stateDir, 'presets'),
    logger,
  });
  const loadAssets = () => loadGuestAssets(paths.cacheDir);
  const shareSupport = () => findShareSupport({ cacheDir: paths.cacheDir, loadAssets });
  const gateways = new Gateways(logger);
  const sandboxes = new Sandboxes({
    gateways,
    driver: new QemuDriver({ logger }),
    connectAgent,
    logger,
    runtimeDir: paths.runtimeDir,
    loadAssets,
    chooseAccelerator: () => chooseAccelerator(paths.cacheDir),
    findShareSupport: shareSupport,
    ensureVolume: async (name) => (await volumes.ensure(name)).path,
    buildConfig: (input, isNameTaken) =>
      buildConfig(input, {
        isImageStored: async (reference) => (await library.get(reference)) !== undefined,
        isNameTaken,
        findShareSupport: shareSupport,
      }),
    findImage: (digest) => library.getByDigest(digest),
    images: library,
    records: new SandboxRecords(path.join(paths.stateDir, 'sandboxes'), logger),
    createUpperDisk,
    operations,
    sessions,
    onSandbox: (sandbox) => {
      events.emit({ type: 'sandbox', sandbox });
    },
    onRemoved: (sandbox) => {
      events.emit({ type: 'sandbox-removed', ...sandbox });
    },
  });
  await sandboxes.restore();
  const withUsers = (volume: StoredVolume): NamedVolume => ({
    ...volume,
    usedBy: sandboxes.usersOfVolume(volume.name),
  });

  return {
    stateDir: paths.stateDir,
    subscribe: (listener) => {
      listener({
        type: 'snapshot',
        sandboxes: sandboxes.list(),
        images,
        operations: operations.list(),
      });
      return events.on(listener);
    },
    host: {
      report: async () => {
        const report = await reportHost(options.paths, options.version);
        return {
          ...report,
          checks: [...report.checks, ...sandboxes.unreadable.map(unreadableCheck)],
        };
      },
      completePath: (prefix) => completePath(prefix),
    },
    config: {
      build: async (input) => toConfigReport(await sandboxes.build(input)),
    },
    images: imageCalls({
      library,
      operations,
      sandboxRoots: () =>
        sandboxes
          .list()
          .flatMap(({ name, imageDigest, config }) =>
            imageDigest === undefined
              ? []
              : [{ name, digest: imageDigest, reference: config.image }],
          ),
    }),
    registries: registryCalls(),
    sandboxes: {
      list: () => sandboxes.list(),
      inspect: (name) => sandboxes.inspect(name),
      suggest: () =>
        wrap(() => ({
          name: suggestName(sandboxes.names(), Math.random),
          image: sandboxes.list().at(-1)?.config.image ?? starterReference,
        })),
      create: (request) => sandboxes.create(request),
      configure: (name, config) => sandboxes.configure(name, config),
      duplicate: (name, as, { withDisk }) => wrap(() => sandboxes.duplicate(name, as, withDisk)),
      start: (name) => wrap(() => sandboxes.start(name)),
      stop: (name, stopOptions) => sandboxes.stop(name, stopOptions?.graceMs),
      restart: (name) => wrap(() => sandboxes.restart(name)),
      remove: (name, removeOptions) => sandboxes.remove(name, removeOptions?.force),
      exec: (request) => sandboxes.exec(request),
      shell: (request) => sandboxes.shell(request),
      sessions: (name) => sandboxes.sessions(name),
    },
    sessions: {
      attach: (sessionId, sink) => sessions.attach(sessionId, sink),
    },
    network: networkCalls(sandboxes),
    volumes: {
      list: async () => (await volumes.list()).map(withUsers),
      inspect: async (name) => withUsers(await volumes.inspect(name)),
      create: async (name) => withUsers(await volumes.ensure(name)),
      remove: async (name, removeOptions) => {
        const volume = withUsers(await volumes.get(name));
        if (removeOptions?.force !== true) checkVolumeIsUnused(volume);
        await volumes.remove(name);
      },
    },
    presets: {
      list: () => presets.list(),
      save: async ({ name, description, config }) =>
        presets.save({ name, description, config: sandboxConfigSchema.parse(config) }),
      remove: (name) => presets.remove(name),
    },
    operations: {
      get: (id) => operations.get(id),
      cancel: (id) => operations.cancel(id),
      onOutput: (id, listener) => operations.onOutput(id, listener),
      wait: (id) => operations.wait(id),
    },
    close: async () => {
      await operations.cancelAll();
      await sandboxes.release();
      await gateways.close();
      await library.close();
      await release();
    },
  };
}

/** Turns what is thrown at once into a rejection, so that every call fails one way. */
async function wrap<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}

/** A new state directory has the starter image at once; without guest assets it has to wait. */
async function importStarter(
  library: ImageLibrary,
  cacheDir: string,
  logger: Logger,
): Promise<void> {
  if ((await library.get(starterReference)) !== undefined) return;
  try {
    const { starterImageDir } = await loadGuestAssets(cacheDir);
    await library.importLayout(starterImageDir, 'latest', starterReference);
  } catch (error) {
    if (!isAppError(error, 'vm/assets-missing')) throw error;
    logger.warn('There is no starter image.', { error: error.message });
  }
}

function unreadableCheck({ dir, problem }: { dir: string; problem: string }): HostCheck {
  return {
    id: 'sandbox-record',
    title: 'A sandbox that cannot be read',
    result: 'warn',
    evidence: `${dir}: ${problem}`,
  };
}
