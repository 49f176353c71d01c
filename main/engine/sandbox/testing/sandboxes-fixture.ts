/** Sandboxes over a fake driver and fake agents, in a state directory of the test. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Operation } from '../../../contract/operation.ts';
import type { Sandbox } from '../../../contract/sandbox.ts';
import { AppError } from '../../base/app-error.ts';
import { silentLogger } from '../../base/logger.ts';
import { buildConfig } from '../../config/build-config.ts';
import type { GuestAssets } from '../../host/guest-assets.ts';
import type { PreparedImage } from '../../image/types.ts';
import { FakeAgent } from '../../testing/fake-agent.ts';
import type { SessionSink } from '../../engine.ts';
import { FakeDriver } from '../../vm/fake/fake-driver.ts';
import type { VmSpec } from '../../vm/driver.ts';
import { SandboxLogs } from '../../live/logs/sandbox-logs.ts';
import { Poller } from '../../live/poller.ts';
import { StatsSampler } from '../../live/stats/stats-sampler.ts';
import type { TemplateSource } from '../begin-machine.ts';
import { OperationTracker } from '../operation-tracker.ts';
import { Gateways } from '../../net/gateway/gateways.ts';
import { SandboxRecords } from '../sandbox-records.ts';
import { Sandboxes } from '../sandboxes.ts';
import { LocalMirrors } from '../../terminal/testing/local-mirrors.ts';
import { SessionDirectory } from '../session/session-directory.ts';

const image: PreparedImage = {
  reference: 'docker.io/library/alpine:latest',
  digest: `sha256:${'0'.repeat(64)}`,
  config: { architecture: 'amd64', os: 'linux', env: [], entrypoint: [], cmd: [] },
  extents: [{ path: '/store/root.erofs', sizeBytes: 4096 }],
};

const shareSupport = { transport: 'virtiofs', files: true, evidence: 'In this test.' } as const;

const assets = {
  kernelPath: '/assets/vmlinux',
  initramfsPath: '/assets/initramfs.cpio',
  diskInitramfsPath: '/assets/initramfs-disks.cpio',
  kernelArguments: ['quiet'],
  manifest: { key: 'assets-1' },
} as unknown as GuestAssets;

/** Every machine is booted. */
const noTemplates: TemplateSource = {
  emptyDir: '/empty',
  choose: () => Promise.resolve({ why: 'Not in this test.' }),
  take: () => Promise.resolve(undefined),
  want: () => Promise.resolve(),
  discard: () => Promise.resolve(),
};

/** See the head of this file. The image `alpine` is in the store, and no other can be pulled. */
export class SandboxesFixture {
  readonly dir: string;
  readonly driver: FakeDriver;
  readonly agents: FakeAgent[] = [];
  /** States and removals, as listeners hear of them. */
  readonly heard: string[] = [];
  readonly stats = new StatsSampler();
  readonly kernelLogs = new Poller(60_000);
  operations: OperationTracker;
  sandboxes: Sandboxes;
  /** Of what starts machines. */
  driverVersion = '7.2.22';
  /** What happens when a machine starts. */
  onStart: (spec: VmSpec) => Promise<void> | void = () => undefined;
  /** What happens before a machine is saved, before it quits, and before an agent is connected. */
  onSave: () => Promise<void> = () => Promise.resolve();
  onQuit: () => Promise<void> = () => Promise.resolve();
  onConnect: () => Promise<void> = () => Promise.resolve();
  /** Of the host process of now. */
  sessions = new SessionDirectory(new LocalMirrors());
  /** Hears a session for whoever wants to know only whether it was told an error. */
  readonly sinkErrors: Error[] = [];
  readonly sink: SessionSink = {
    ...{ onAttached: () => undefined, onSize: () => undefined, onExit: () => undefined },
    ...{ onStdout: () => undefined, onStderr: () => undefined },
    onError: (error) => this.sinkErrors.push(error),
  };
  templates: TemplateSource = noTemplates;
  makeAgent: () => FakeAgent = () => new FakeAgent();
  /** Where the frames of machines are served, by who is asked for them. */
  networkSocket: string | undefined;
  readonly #gateways: Gateways;
  readonly #opened: { readonly sandboxes: Sandboxes; readonly logs: SandboxLogs }[] = [];

  /** @param gateways only where machines have a network; whoever makes them closes them */
  constructor(dir: string, gateways = new Gateways(silentLogger)) {
    this.dir = dir;
    this.#gateways = gateways;
    this.driver = new FakeDriver({
      onStart: (spec) => this.onStart(spec),
      onSave: () => this.onSave(),
      onQuit: () => this.onQuit(),
      networkSocket: () => this.networkSocket,
    });
    this.operations = new OperationTracker(() => undefined);
    this.sandboxes = this.#open();
  }

  /** As the next host process would; what the earlier one let go of can be found. */
  reopen(): Sandboxes {
    this.operations = new OperationTracker(() => undefined);
    this.sandboxes = this.#open();
    return this.sandboxes;
  }

  /** Resolves when nothing is written any more: its directory can go. */
  async release(): Promise<void> {
    for (const { sandboxes, logs } of this.#opened) {
      await sandboxes.release();
      await logs.close();
    }
  }

  /** The driver refuses every machine from now on. */
  failToStart(): void {
    this.onStart = () => {
      throw new AppError('vm/start-failed', 'No.');
    };
  }

  finish(operation: Operation): Promise<Operation> {
    return this.operations.wait(operation.id);
  }

  async create(name: string, imageReference = 'alpine'): Promise<Operation> {
    return this.finish(await this.sandboxes.create({ name, image: imageReference }));
  }

  #open(): Sandboxes {
    const records = new SandboxRecords(path.join(this.dir, 'sandboxes'), silentLogger);
    const logs = new SandboxLogs((id) => records.files(id).logDir);
    this.sessions = new SessionDirectory(new LocalMirrors());
    const sandboxes = new Sandboxes({
      recording: {
        logs,
        stats: this.stats,
        kernelLogs: this.kernelLogs,
      },
      version: '1.2.3',
      driver: this.driver,
      gateways: this.#gateways,
      connectAgent: async () => {
        await this.onConnect();
        const agent = this.makeAgent();
        agent.onShutdown = () => {
          this.driver.machines.at(-1)?.powerOff();
        };
        this.agents.push(agent);
        return agent;
      },
      logger: silentLogger,
      templates: this.templates,
      runtimeDir: path.join(this.dir, 'run'),
      loadAssets: () => Promise.resolve(assets),
      driverVersion: () => Promise.resolve(this.driverVersion),
      chooseAccelerator: () => Promise.resolve('tcg'),
      findShareSupport: () => Promise.resolve(shareSupport),
      ensureVolume: (name) => Promise.resolve(path.join(this.dir, name)),
      buildConfig: (input, isNameTaken) =>
        buildConfig(input, {
          isImageStored: (reference) => Promise.resolve(reference === 'alpine'),
          isNameTaken,
          findShareSupport: () => Promise.resolve(shareSupport),
        }),
      findImage: () => Promise.resolve(image),
      images: {
        get: (reference) => Promise.resolve(reference === 'alpine' ? image : undefined),
        pull: (reference) => Promise.reject(new AppError('image/not-found', reference)),
      },
      records,
      standby: { take: () => Promise.resolve(undefined), want: () => undefined },
      createUpperDisk: (_assets, file) => writeFile(file, ''),
      operations: this.operations,
      sessions: this.sessions,
      onSandbox: ({ name, state }: Sandbox) => this.heard.push(`${name} ${state}`),
      onRemoved: ({ name }) => this.heard.push(`${name} removed`),
    });
    this.#opened.push({ sandboxes, logs });
    return sandboxes;
  }
}
