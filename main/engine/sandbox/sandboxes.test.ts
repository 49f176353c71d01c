import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../base/app-error.ts';
import { FakeAgent } from '../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { SandboxesFixture } from './testing/sandboxes-fixture.ts';

describe('Sandboxes', () => {
  const temporary = useTemporaryDirectory();
  let fixture: SandboxesFixture;

  beforeEach(() => {
    fixture = new SandboxesFixture(temporary.path);
  });
  afterEach(() => fixture.release());

  it('says each state of a life, in order', async () => {
    expect(await fixture.create('web')).toMatchObject({ state: 'succeeded' });
    await fixture.sandboxes.stop('web');
    await fixture.finish(fixture.sandboxes.start('web'));
    await fixture.sandboxes.remove('web', true);
    expect(fixture.heard).toEqual([
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
    expect(fixture.driver.machines).toEqual([]);
  });

  it.each<[string, () => void, string, string]>([
    ['the image is not there', () => undefined, 'missing', 'image/not-found'],
    [
      'the machine does not start',
      () => {
        fixture.failToStart();
      },
      'alpine',
      'vm/start-failed',
    ],
    [
      'the guest cannot assemble its root',
      () => {
        fixture.makeAgent = () => {
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
    expect(await fixture.create('web', reference)).toMatchObject({
      state: 'failed',
      error: { code },
    });
    expect(fixture.sandboxes.list()).toEqual([]);
    expect(fixture.driver.machines).toEqual([]);
    const left = await readdir(path.join(fixture.dir, 'sandboxes')).catch(() => []);
    expect(left).toEqual([]);
    expect(fixture.heard.at(-1)).toBe('web removed');
  });

  it('keeps a sandbox whose start fails, with the error', async () => {
    await fixture.create('web');
    await fixture.sandboxes.stop('web');
    fixture.failToStart();
    await fixture.finish(fixture.sandboxes.start('web'));
    expect(fixture.sandboxes.inspect('web')).toMatchObject({
      state: 'stopped',
      lastError: { code: 'vm/start-failed' },
    });
  });

  it('refuses what does not fit the state', async () => {
    expect(() => fixture.sandboxes.start('web')).toThrow('There is no sandbox named "web".');
    const creating = await fixture.sandboxes.create({ name: 'web', image: 'alpine' });
    await expect(fixture.sandboxes.stop('web')).rejects.toMatchObject({ code: 'sandbox/busy' });
    await expect(fixture.sandboxes.remove('web')).rejects.toMatchObject({
      code: 'sandbox/running',
    });
    expect(fixture.sandboxes.start('web').id).toBe(creating.id);
    await fixture.finish(creating);
    await expect(fixture.sandboxes.create({ name: 'web', image: 'alpine' })).rejects.toMatchObject({
      code: 'sandbox/name-taken',
    });
    const again = fixture.sandboxes.start('web');
    expect(again).toMatchObject({ state: 'succeeded' });
    expect(await fixture.finish(again)).toMatchObject({ state: 'succeeded' });
  });

  it('removes with force what is still being created', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    fixture.onStart = () => promise;
    const creating = await fixture.sandboxes.create({ name: 'web', image: 'alpine' });
    const removed = fixture.sandboxes.remove('web', true);
    resolve(undefined);
    await removed;
    expect(fixture.operations.get(creating.id).state).toBe('cancelled');
    expect(fixture.sandboxes.list()).toEqual([]);
    expect(fixture.driver.machines).toEqual([]);
  });

  it('ends a machine whose guest does not', async () => {
    await fixture.create('web');
    const [agent] = fixture.agents;
    if (agent === undefined) throw new Error('No agent was connected.');
    agent.onShutdown = () => undefined;
    expect(await fixture.sandboxes.stop('web', 1)).toMatchObject({ state: 'stopped' });
    expect(fixture.driver.machines).toEqual([]);
  });

  it('shares one end among those who ask for it at once', async () => {
    await fixture.create('web');
    await Promise.all([
      fixture.sandboxes.stop('web'),
      fixture.sandboxes.stop('web'),
      fixture.sandboxes.stop('web'),
    ]);
    expect(fixture.heard.filter((line) => line === 'web stopped')).toHaveLength(1);
  });

  it('finds its machines after the host process has gone, and drops half-made ones', async () => {
    await fixture.create('web');
    await fixture.create('idle');
    await fixture.sandboxes.stop('idle');
    await fixture.sandboxes.release();
    fixture.makeAgent = () => {
      const agent = new FakeAgent();
      agent.isSetUp = true;
      return agent;
    };
    fixture.reopen();
    await fixture.sandboxes.restore();
    const states = fixture.sandboxes.list().map(({ name, state }) => [name, state]);
    expect(states).toEqual([
      ['web', 'running'],
      ['idle', 'stopped'],
    ]);
    await fixture.sandboxes.remove('web', true);
    expect(fixture.driver.machines).toEqual([]);
  });

  it('shows a sandbox whose machine cannot be used, and opens all the same', async () => {
    await fixture.create('web');
    fixture.reopen();
    await fixture.sandboxes.restore();
    expect(fixture.sandboxes.inspect('web')).toMatchObject({
      state: 'crashed',
      lastError: { code: 'vm/start-failed' },
    });
  });

  it('tries an agent anew that was lost while its machine runs', async () => {
    await fixture.create('web');
    fixture.agents[0]?.break(new Error('It broke.'));
    await expect.poll(() => fixture.agents.length, { timeout: 10_000 }).toBe(2);
    await expect
      .poll(() => fixture.sandboxes.exec({ name: 'web', command: ['true'] }))
      .toMatchObject({ sandbox: 'web' });
  });
});
