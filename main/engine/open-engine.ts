/** Assembles an engine over a state directory from its parts. */
import { homedir } from 'node:os';
import path from 'node:path';
import type { EngineEvent } from '../contract/event.ts';
import type { HostCheck } from '../contract/host.ts';
import { parseImageReference } from '../contract/image-reference.ts';
import { sandboxConfigSchema } from '../contract/sandbox-config.ts';
import type { Sandbox } from '../contract/sandbox.ts';
import type { NamedVolume } from '../contract/volume.ts';
import { connectAgent } from './agent/agent-client.ts';
import { fromErrorData } from './base/app-error.ts';
import { Emitter } from './base/emitter.ts';
import type { Logger } from './base/logger.ts';
import { Credentials } from './credentials/credentials.ts';
import type { SecretCipher } from './credentials/safe-storage-store.ts';
import { collectDiagnostics } from './diagnostics/collect-diagnostics.ts';
import type { Engine } from './engine.ts';
import { createUpperDisk, loadGuestAssets } from './host/guest-assets-folder.ts';
import { chooseAccelerator } from './host/host-checks.ts';
import { reportHost } from './host/host-report.ts';
import type { SkerryPaths } from './host/paths.ts';
import { acquireStateLock } from './host/state-lock.ts';
import type { SandboxRoot } from './image/check/check-request.ts';
import { ImageLibrary } from './image/image-library.ts';
import { ImageNews } from './image/upkeep/image-news.ts';
import { ImageUpkeep } from './image/upkeep/image-upkeep.ts';
import { buildConfig, toConfigReport } from './config/build-config.ts';
import { completePath } from './host/complete-path.ts';
import { findQemuVersion } from './host/qemu-version.ts';
import { findShareSupport } from './host/share-support.ts';
import { openSystemTerminal } from './host/system-terminal/open-system-terminal.ts';
import { Poller } from './live/poller.ts';
import { SandboxLogs } from './live/logs/sandbox-logs.ts';
import { StatsSampler } from './live/stats/stats-sampler.ts';
import type { FindCredential } from './oci/registry/auth.ts';
import { RegistrySettingsStore } from './oci/registry/registry-settings.ts';
import { Presets } from './preset/presets.ts';
import { Gateways } from './net/gateway/gateways.ts';
import { liveCalls } from './sandbox/live-calls.ts';
import { networkCalls } from './sandbox/network/network-calls.ts';
import { fileCalls } from './sandbox/files/file-calls.ts';
import { imageCalls } from './sandbox/images/image-calls.ts';
import { registryCalls } from './sandbox/images/registry-calls.ts';
import { OperationTracker } from './sandbox/operation-tracker.ts';
import { IdleWatch } from './sandbox/power/idle-watch.ts';
import { SandboxRecords, type SandboxFiles } from './sandbox/sandbox-records.ts';
import { Sandboxes } from './sandbox/sandboxes.ts';
import { joinPins } from './sandbox/image-pins.ts';
import { Snapshots } from './sandbox/snapshots/snapshots.ts';
import { SnapshotStore } from './snapshot/snapshot-store.ts';
import { SessionDirectory } from './sandbox/session/session-directory.ts';
import { suggestName } from './sandbox/suggest-name.ts';
import { Mirrors } from './terminal/mirrors.ts';
import { importStarter, namesToKeep, starterReference } from './starter-image.ts';
import { checkTemplates, openTemplates, templateMode } from './template/open-templates.ts';
import type { TemplateMode } from './template/templates.ts';
import { Standby, standbyMode, type StandbyMode } from './sandbox/standby/standby.ts';
import { QemuDriver } from './vm/qemu/qemu-driver.ts';
import { NamedVolumes, type StoredVolume } from './volume/named-volumes.ts';
import { checkVolumeIsUnused } from './sandbox/volume-users.ts';

/** What a kernel says besides its console is for people who read logs: they can wait. */
const kernelLogIntervalMs = 5000;

/** What an engine is opened with. */
export interface EngineOptions {
  readonly paths: SkerryPaths;
  /** Unix socket at which the host process serves its clients; written into the lock. */
  readonly socketPath: string;
  readonly version: string;
  readonly logger: Logger;
  /** The presets that came with this program. */
  readonly presetsDir: string;
  /** The words that run the `skerry` command, for a terminal of the desktop; none: it has none. */
  readonly skerryCommand: readonly string[];
  /** Whether sandboxes start from templates; `SKERRY_TEMPLATES` without it. */
  readonly templates?: TemplateMode | undefined;
  /** Whether a machine stands ready for the next start; `SKERRY_STANDBY` without it. */
  readonly standby?: StandbyMode | undefined;
  /** The desktop's: passwords of registries are encrypted with it. */
  readonly secretCipher?: SecretCipher | undefined;
  /** Logs of the host process that go into diagnostics: their names there and their paths. */
  readonly logFiles?: Readonly<Record<string, string>> | undefined;
  /** Secrets of the host process, which never go into diagnostics: its access tokens. */
  readonly secrets?: (() => readonly string[]) | undefined;
}

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
  const credentials = new Credentials({
    dir: path.join(paths.stateDir, 'credentials'),
    cipher: options.secretCipher,
  });
  const findCredential: FindCredential = async (search, how) =>
    (await credentials.find(search, how))?.credential;
  const settings = await RegistrySettingsStore.open(path.join(paths.stateDir, 'registries.json'));
  const settingsOf = (registry: string) => settings.get(registry);
  const library = await ImageLibrary.open({
    dir: path.join(paths.stateDir, 'images'),
    logger,
    registry: { settingsOf, findCredential },
  });
  await importStarter(library, paths.cacheDir, logger);

  const imageNews = await ImageNews.start(library, logger, (images) => {
    events.emit({ type: 'images', images });
  });
  // An operation keeps every image that it looks at until it has ended, whoever has begun it.
  const operations = new OperationTracker(
    (operation) => {
      events.emit({ type: 'operation', operation });
    },
    (work) => library.store.leases.separately(work),
  );
  const mirrors = new Mirrors(logger);
  const sessions = new SessionDirectory(mirrors);
  const volumes = await NamedVolumes.open(path.join(paths.stateDir, 'volumes'));
  const presets = new Presets({
    shippedDir: options.presetsDir,
    ownDir: path.join(paths.stateDir, 'presets'),
    logger,
  });
  const loadAssets = () => loadGuestAssets(paths.cacheDir);
  const shareSupport = () => findShareSupport({ cacheDir: paths.cacheDir, loadAssets });
  const driver = new QemuDriver({ logger });
  const templates = await openTemplates(paths, {
    ...{ driver, logger, loadAssets },
    mode: options.templates ?? templateMode(),
  });
  const standby = new Standby({
    ...{ driver, connectAgent, logger, templates, loadAssets, createUpperDisk },
    mode: options.standby ?? standbyMode(templates.mode),
    runtimeDir: paths.runtimeDir,
    workDir: path.join(paths.stateDir, 'standby'),
  });
  const gateways = new Gateways(logger);
  const records = new SandboxRecords(path.join(paths.stateDir, 'sandboxes'), logger);
  const store = await SnapshotStore.open(path.join(paths.stateDir, 'snapshots'), logger);
  const recording = {
    logs: new SandboxLogs((id) => records.files(id).logDir),
    stats: new StatsSampler(),
    kernelLogs: new Poller(kernelLogIntervalMs),
  };
  const sandboxes = new Sandboxes({
    recording,
    gateways,
    version: options.version,
    driver,
    templates,
    standby,
    connectAgent,
    logger,
    runtimeDir: paths.runtimeDir,
    loadAssets,
    driverVersion: () => findQemuVersion(paths.cacheDir),
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
    records,
    createUpperDisk,
    operations,
    sessions,
    onSandbox: (sandbox) => {
      events.emit({ type: 'sandbox', sandbox });
    },
    onRemoved: (sandbox) => {
      events.emit({ type: 'sandbox-removed', ...sandbox });
      void snapshots.sharesChanged();
    },
    keptDisks: () => snapshots.diskUsers(),
  });
  await sandboxes.restore();
  const snapshots = await Snapshots.open(
    { store, operations, registry: sandboxes.registry, tools: sandboxes.tools },
    {
      onChange: (list) => {
        events.emit({ type: 'snapshots', snapshots: list });
      },
      onImageReleased: (digest) => {
        upkeep.sandboxGone(digest);
      },
    },
  );
  gateways.prepare();
  mirrors.prepare();
  const idle = new IdleWatch({
    limitMinutes: (name) => sandboxes.idleLimitMinutes(name),
    usedAtMs: (id) => sessions.usedAtMs(id),
    suspend: async (name) => {
      const { error } = await operations.wait(sandboxes.suspend(name).id);
      if (error !== undefined) throw fromErrorData(error);
    },
    logger,
  });
  recording.stats.onSample = (id, name, sample) => {
    idle.take(id, name, sample);
  };
  const upkeep = await ImageUpkeep.open(library, {
    pins: () => joinPins([records.imagePins(), snapshots.imagePins()]),
    kept: namesToKeep(),
    logger,
  });
  records.onImageReleased = (digest) => {
    upkeep.sandboxGone(digest);
  };
  const withUsers = (volume: StoredVolume): NamedVolume => ({
    ...volume,
    usedBy: sandboxes.usersOfVolume(volume.name),
  });

  const reportWithRecords = async () => {
    const report = await reportHost(paths, options.version);
    const { mode } = templates;
    const { isReady } = standby;
    const failures = templates.failures();
    const found = { mode, templates: await templates.list(), failures, isReady };
    const unreadable = [
      ...sandboxes.unreadable.map(unreadableCheck),
      ...store.unreadable.map(unreadableSnapshotCheck),
    ];
    return { ...report, checks: [...report.checks, checkTemplates(found), ...unreadable] };
  };

  return {
    stateDir: paths.stateDir,
    subscribe: (listener) => {
      listener({
        type: 'snapshot',
        sandboxes: sandboxes.list(),
        images: [...imageNews.latest],
        operations: operations.list(),
        snapshots: snapshots.list(),
      });
      return events.on(listener);
    },
    host: {
      report: reportWithRecords,
      completePath: (prefix) => completePath(prefix),
      diagnostics: () =>
        collectDiagnostics({
          report: reportWithRecords,
          sandboxes: () => sandboxes.list(),
          operations: () => operations.list(),
          usage: () => upkeep.usage(),
          filesOf: (id) => diagnosticFilesOf(records.files(id)),
          logFiles: options.logFiles ?? {},
          secrets: options.secrets ?? (() => []),
          home: homedir(),
          nowMs: Date.now,
        }),
      openTerminal: async (name, emulator) => {
        sandboxes.running(name);
        const { skerryCommand } = options;
        return openSystemTerminal({ name, emulator, skerryCommand, runtimeDir: paths.runtimeDir });
      },
    },
    config: {
      build: async (input) => toConfigReport(await sandboxes.build(input)),
    },
    templates: {
      list: () => templates.list(),
      clear: async () => {
        await standby.drop();
        await templates.clear();
      },
    },
    snapshots,
    images: imageCalls({
      ...{ library, upkeep, operations, sandboxes },
      sandboxRoots: () => sandboxRoots(sandboxes.list()),
      recentImages: () => recentImages(sandboxes.list()),
    }),
    registries: registryCalls({
      ...{ credentials, settings, findCredential, logger },
      checkLogin: (registry, credential) => library.registries.checkLogin(registry, credential),
    }),
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
      start: (name, startOptions) => wrap(() => sandboxes.start(name, startOptions)),
      pause: (name) => sandboxes.pause(name),
      resume: (name) => sandboxes.resume(name),
      suspend: (name) => wrap(() => sandboxes.suspend(name)),
      stop: (name, stopOptions) => sandboxes.stop(name, stopOptions?.graceMs),
      restart: (name) => wrap(() => sandboxes.restart(name)),
      remove: (name, removeOptions) => sandboxes.remove(name, removeOptions?.force),
      exec: (request) => sandboxes.exec(request),
      shell: (request) => sandboxes.shell(request),
      sessions: (name) => sandboxes.sessions(name),
      boots: async (name) => wrap(() => sandboxes.recorder(name).boots.list()),
    },
    files: fileCalls({ running: (name) => sandboxes.running(name), sessions, operations }),
    ...liveCalls(sandboxes, recording.stats),
    sessions: {
      inspect: (sessionId) => sessions.inspect(sessionId),
      activity: (sessionId) => sessions.activity(sessionId),
      close: async (sessionId) =>
        wrap(() => {
          sessions.close(sessionId);
        }),
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
      await standby.close();
      await templates.close();
      await recording.logs.close();
      await mirrors.close();
      await gateways.close();
      await library.close();
      await upkeep.close();
      await release();
    },
  };
}

/** The files of a sandbox that say what happened to it. */
function diagnosticFilesOf({ dir, consoleLog, monitorLog }: SandboxFiles): Record<string, string> {
  return {
    'console.log': consoleLog,
    'monitor.log': monitorLog,
    'boots.json': path.join(dir, 'boots.json'),
  };
}

/** The sandboxes whose root is an image. */
function sandboxRoots(sandboxes: readonly Sandbox[]): SandboxRoot[] {
  return sandboxes.flatMap(({ name, imageDigest, config }) =>
    imageDigest === undefined ? [] : [{ name, digest: imageDigest, reference: config.image }],
  );
}

/** References without paths of this machine, the latest first. */
function recentImages(sandboxes: readonly Sandbox[]): string[] {
  const images = sandboxes.map(({ config }) => config.image);
  return images.filter((image) => parseImageReference(image).ok).reverse();
}

/** Turns what is thrown at once into a rejection, so that every call fails one way. */
async function wrap<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}

function unreadableSnapshotCheck({ dir, problem }: { dir: string; problem: string }): HostCheck {
  return {
    id: 'snapshot-record',
    title: 'A snapshot that cannot be read',
    result: 'warn',
    evidence: `${dir}: ${problem}`,
  };
}

function unreadableCheck({ dir, problem }: { dir: string; problem: string }): HostCheck {
  return {
    id: 'sandbox-record',
    title: 'A sandbox that cannot be read',
    result: 'warn',
    evidence: `${dir}: ${problem}`,
  };
}
