import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/operation.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import { AppError } from '../base/app-error.ts';
import { silentLogger } from '../base/logger.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { PreparedImage } from '../image/types.ts';
import { FakeAgent } from '../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { FakeDriver } from '../vm/fake/fake-driver.ts';
import type { VmSpec } from '../vm/driver.ts';
import { OperationTracker } from './operation-tracker.ts';
import { SandboxRecords } from './sandbox-records.ts';
import { Sandboxes } from './sandboxes.ts';
import { SessionDirectory } from './session-directory.ts';

const image: PreparedImage = {
  reference: 'docker.io/library/alpine:latest',
  digest: `sha256:${'0'.repeat(64)}`,
  config: { architecture: 'amd64', os: 'linux', env: [], entrypoint: [], cmd: [] },
  extents: [{ path: '/store/root.erofs', sizeBytes: 4096 }],
};

const assets = {
  kernelPath: '/assets/vmlinux',
  initramfsPath: '/assets/initramfs.cpio',
  kernelArguments: ['quiet'],
} as unknown as GuestAssets;

describe('Sandboxes', () => {
  const temporary = useTemporaryDirectory();
  let driver: FakeDriver;
  let agents: FakeAgent[];
  let operations: OperationTracker;
  let sandboxes: Sandboxes;
  let heard: string[];
  let onStart: (spec: VmSpec) => Promise<void> | void;
  let makeAgent: () => FakeAgent;

  beforeEach(() => {
    onStart = () => undefined;
    makeAgent = () => new FakeAgent();
    driver = new FakeDriver({ onStart: (spec) => onStart(spec) });
    agents = [];
    heard = [];
    sandboxes = open();
  });

  function open(): Sandboxes {
    operations = new OperationTracker(() => undefined);
    return new Sandboxes({
      driver,
      connectAgent: () => {
        const agent = makeAgent();
        agent.onShutdown = () => {
          driver.machines.at(-1)?.powerOff();
        };
        agents.push(agent);
        return Promise.resolve(agent);
      },
      logger: silentLogger,
      runtimeDir: path.join(temporary.path, 'run'),
      loadAssets: () => Promise.resolve(assets),
      chooseAccelerator: () => Promise.resolve('tcg'),
      findImage: () => Promise.resolve(image),
      images: {
        get: (reference) => Promise.resolve(reference === 'alpine' ? image : undefined),
        pull: (reference) => Promise.reject(new AppError('image/not-found', reference)),
      },
      records: new SandboxRecords(path.join(temporary.path, 'sandboxes'), silentLogger),
      createUpperDisk: (_assets, file) => writeFile(file, ''),
      operations,
      sessions: new SessionDirectory(),
      onSandbox: ({ name, state }: Sandbox) => heard.push(`${name} ${state}`),
      onRemoved: ({ name }) => heard.push(`${name} removed`),
    });
  }

  async function finish(operation: Operation): Promise<Operation> {
    return operations.wait(operation.id);
  }

  async function create(name: string, imageReference = 'alpine'): Promise<Operation> {
    return finish(sandboxes.create({ name, image: imageReference }));
  }

  it('says each state of a life, in order', async () => {
    expect(await create('web')).toMatchObject({ state: 'succeeded' });
    await sandboxes.stop('web');
    await finish(sandboxes.start('web'));
    await sandboxes.remove('web', true);
    expect(heard).toEqual([
      'web creating',
      'web running',
      'web stopping',
      'web stopped',
      'web starting',
      'web running',
      'web stopping',
      'web stopped',
      'web removed',
    ]);
    expect(driver.machines).toEqual([]);
  });

  it.each<[string, () => void, string, string]>([
    ['the image is not there', () => undefined, 'missing', 'image/not-found'],
    [
      'the machine does not start',
      () => {
        onStart = () => {
          throw new AppError('vm/start-failed', 'No.');
        };
      },
      'alpine',
      'vm/start-failed',
    ],
    [
      'the guest cannot assemble its root',
      () => {
        makeAgent = () => {
          const agent = new FakeAgent();
          agent.onSetUp = () => Promise.reject(new AppError('agent/setup-failed', 'No.'));
          return agent;
        };
      },
      'alpine',
      'agent/setup-failed',
    ],
  ])('leaves nothing of a creation when %s', async (_what, arrange, reference, code) => {
    arrange();
    expect(await create('web', reference)).toMatchObject({ state: 'failed', error: { code } });
    expect(sandboxes.list()).toEqual([]);
    expect(driver.machines).toEqual([]);
    const left = await readdir(path.join(temporary.path, 'sandboxes')).catch(() => []);
    expect(left).toEqual([]);
    expect(heard.at(-1)).toBe('web removed');
  });

  it('keeps a sandbox whose start fails, with the error', async () => {
    await create('web');
    await sandboxes.stop('web');
    onStart = () => {
      throw new AppError('vm/start-failed', 'No.');
    };
    await finish(sandboxes.start('web'));
    expect(sandboxes.inspect('web')).toMatchObject({
      state: 'stopped',
      lastError: { code: 'vm/start-failed' },
    });
  });

  it('refuses what does not fit the state', async () => {
    expect(() => sandboxes.start('web')).toThrow('There is no sandbox named "web".');
    const creating = sandboxes.create({ name: 'web', image: 'alpine' });
    await expect(sandboxes.stop('web')).rejects.toMatchObject({ code: 'sandbox/busy' });
    await expect(sandboxes.remove('web')).rejects.toMatchObject({ code: 'sandbox/running' });
    expect(sandboxes.start('web').id).toBe(creating.id);
    await finish(creating);
    expect(() => sandboxes.create({ name: 'web', image: 'alpine' })).toThrow('already');
    const again = sandboxes.start('web');
    expect(again).toMatchObject({ state: 'succeeded' });
    expect(await finish(again)).toMatchObject({ state: 'succeeded' });
  });

  it('removes with force what is still being created', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    onStart = () => promise;
    const creating = sandboxes.create({ name: 'web', image: 'alpine' });
    const removed = sandboxes.remove('web', true);
    resolve(undefined);
    await removed;
    expect(operations.get(creating.id).state).toBe('cancelled');
    expect(sandboxes.list()).toEqual([]);
    expect(driver.machines).toEqual([]);
  });

  it('ends a machine whose guest does not', async () => {
    await create('web');
    const [agent] = agents;
    if (agent === undefined) throw new Error('No agent was connected.');
    agent.onShutdown = () => undefined;
    expect(await sandboxes.stop('web', 1)).toMatchObject({ state: 'stopped' });
    expect(driver.machines).toEqual([]);
  });

  it('shares one end among those who ask for it at once', async () => {
    await create('web');
    await Promise.all([sandboxes.stop('web'), sandboxes.stop('web'), sandboxes.stop('web')]);
    expect(heard.filter((line) => line === 'web stopped')).toHaveLength(1);
  });

  it('finds its machines after the host process has gone, and drops half-made ones', async () => {
    await create('web');
    await create('idle');
    await sandboxes.stop('idle');
    await sandboxes.release();
    makeAgent = () => {
      const agent = new FakeAgent();
      agent.isSetUp = true;
      return agent;
    };
    sandboxes = open();
    await sandboxes.restore();
    const states = sandboxes.list().map(({ name, state }) => [name, state]);
    expect(states).toEqual([
      ['web', 'running'],
      ['idle', 'stopped'],
    ]);
    await sandboxes.remove('web', true);
    expect(driver.machines).toEqual([]);
  });

  it('shows a sandbox whose machine cannot be used, and opens all the same', async () => {
    await create('web');
    sandboxes = open();
    await sandboxes.restore();
    expect(sandboxes.inspect('web')).toMatchObject({
      state: 'crashed',
      lastError: { code: 'vm/start-failed' },
    });
  });

  it('tries an agent anew that was lost while its machine runs', async () => {
    await create('web');
    agents[0]?.break(new Error('It broke.'));
    await expect.poll(() => agents.length, { timeout: 10_000 }).toBe(2);
    await expect
      .poll(() => sandboxes.exec({ name: 'web', command: ['true'] }))
      .toMatchObject({ sandbox: 'web' });
  });
});
