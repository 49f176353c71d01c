/** Commits of sandboxes whose machines are fakes: what becomes of the sandbox meanwhile. */
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../base/app-error.ts';
import { FakeAgent } from '../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { CommitStore } from './commit-sandbox.ts';
import { SandboxesFixture } from './testing/sandboxes-fixture.ts';

const request = { sandbox: 'web', reference: 'team/web:2', message: 'Why', author: 'Ann' };
const digest = `sha256:${'1'.repeat(64)}`;

describe('Sandboxes.commit', () => {
  const temporary = useTemporaryDirectory();
  let fixture: SandboxesFixture;
  let read: string;
  let commits: Parameters<CommitStore['commit']>[];

  /** Reads the tar to its end, as the library does. */
  const store: CommitStore = {
    commit: async (...args) => {
      commits.push(args);
      for await (const piece of args[1].tar) read += Buffer.from(piece).toString();
      args[2].onTarBytes?.(read.length);
      args[2].onProgress?.({ type: 'resolved', layers: [] });
      args[2].onProgress?.({ type: 'root', phase: 'start' });
      const config = { architecture: 'amd64', os: 'linux', env: [], entrypoint: [], cmd: [] };
      return { reference: 'docker.io/team/web:2', digest, config, extents: [] };
    },
  };

  beforeEach(async () => {
    fixture = new SandboxesFixture(temporary.path);
    fixture.makeAgent = () => {
      const agent = new FakeAgent();
      agent.onChanges = (options) => {
        options?.onLeftOut?.('/a: left out\n');
        return [Buffer.from('one '), Buffer.from('two')];
      };
      return agent;
    };
    read = '';
    commits = [];
    await fixture.create('web');
    fixture.heard.length = 0;
  });
  afterEach(() => fixture.release());

  const stop = async (): Promise<void> => {
    await fixture.sandboxes.stop('web');
    fixture.heard.length = 0;
  };

  it('reads the guest that runs', async () => {
    const ended = await fixture.finish(fixture.sandboxes.commit(request, store));
    expect(ended).toMatchObject({
      kind: 'commit',
      subject: 'web',
      state: 'succeeded',
      outcome: { references: ['team/web:2'], digest },
      hasOutput: true,
    });
    expect(ended.stages.map(({ key, state }) => `${key} ${state}`)).toEqual([
      ...['read done', 'unpack done', 'root done'],
    ]);
    expect(ended.stages[0]?.bytesDone).toBe('one two'.length);
    expect(read).toBe('one two');
    expect(commits[0]?.[0]).toBe('team/web:2');
    expect(commits[0]?.[1]).toMatchObject({
      base: {
        reference: 'docker.io/library/alpine:latest',
        digest: `sha256:${'0'.repeat(64)}`,
      },
      history: { createdBy: 'skerry commit web', comment: 'Why', author: 'Ann' },
    });
    expect(commits[0]?.[1].maxTarBytes).toBeGreaterThan(8 * 2 ** 30);
    expect(fixture.heard).toEqual([]);
    expect(fixture.driver.machines).toHaveLength(1);
  });

  it('boots one that is stopped, alone with its disk, and stops it again', async () => {
    await stop();
    const ended = await fixture.finish(fixture.sandboxes.commit(request, store));
    expect(ended.stages.map(({ key, state }) => `${key} ${state}`)).toEqual([
      ...['boot done', 'agent done', 'read done', 'stop done', 'unpack done', 'root done'],
    ]);
    expect(read).toBe('one two');
    expect(fixture.heard).toEqual([]);
    expect(fixture.sandboxes.inspect('web').state).toBe('stopped');
    expect(fixture.driver.machines).toEqual([]);
    expect(fixture.driver.specs.at(-1)?.shares).toBeUndefined();
  });

  it.each([
    ['the machine does not start', 'vm/start-failed'],
    ['the guest cannot read', 'image/commit-failed'],
    ['the store refuses', 'store/no-space'],
  ])('leaves a stopped sandbox stopped when %s', async (what, code) => {
    await stop();
    const fail = (): never => {
      throw new AppError('image/commit-failed', 'No.');
    };
    if (code === 'vm/start-failed') fixture.failToStart();
    if (code === 'image/commit-failed') {
      fixture.makeAgent = () => Object.assign(new FakeAgent(), { onChanges: fail });
    }
    const refusing: CommitStore = {
      commit: () => Promise.reject(new AppError('store/no-space', what)),
    };
    const operation = fixture.sandboxes.commit(
      request,
      code === 'store/no-space' ? refusing : store,
    );
    expect(await fixture.finish(operation)).toMatchObject({ state: 'failed', error: { code } });
    expect(fixture.sandboxes.inspect('web')).toMatchObject({ state: 'stopped' });
    expect(fixture.sandboxes.inspect('web').lastError).toBeUndefined();
    expect(fixture.driver.machines).toEqual([]);
  });

  describe('while it goes on', () => {
    let begun: Promise<undefined>;
    let goOn: () => void;

    beforeEach(() => {
      const beginning = Promise.withResolvers<undefined>();
      const going = Promise.withResolvers<undefined>();
      begun = beginning.promise;
      goOn = () => {
        going.resolve(undefined);
      };
      fixture.makeAgent = () => {
        const agent = new FakeAgent();
        agent.onChanges = async function* (options) {
          yield Buffer.from('half');
          beginning.resolve(undefined);
          options?.signal?.addEventListener('abort', () => {
            going.reject(new AppError('operation/cancelled', 'No more.'));
          });
          await going.promise;
        };
        return agent;
      };
    });

    it('refuses whatever else would touch the disk', async () => {
      await stop();
      const operation = fixture.sandboxes.commit(request, store);
      await begun;
      const busy = expect.objectContaining({ code: 'sandbox/busy' }) as Error;
      const { sandboxes } = fixture;
      expect(() => sandboxes.start('web')).toThrow(busy);
      expect(() => sandboxes.restart('web')).toThrow(busy);
      expect(() => sandboxes.commit(request, store)).toThrow(busy);
      expect(() => sandboxes.duplicate('web', 'other', true)).toThrow(busy);
      goOn();
      expect(await fixture.finish(operation)).toMatchObject({ state: 'succeeded' });
      expect(await fixture.finish(sandboxes.start('web'))).toMatchObject({ state: 'succeeded' });
    });

    it('ends with the sandbox that is removed', async () => {
      await stop();
      const operation = fixture.sandboxes.commit(request, store);
      await begun;
      await fixture.sandboxes.remove('web');
      expect(fixture.operations.get(operation.id).state).toBe('cancelled');
      expect(fixture.driver.machines).toEqual([]);
      expect(fixture.sandboxes.list()).toEqual([]);
    });

    it('does not outlive its host process', async () => {
      await stop();
      fixture.sandboxes.commit(request, store);
      await begun;
      expect(fixture.driver.machines).toHaveLength(1);
      // As if this process had died: nothing of it goes on but the machine.
      const [machine] = fixture.driver.machines;
      if (machine !== undefined) machine.isHeld = false;
      fixture.makeAgent = () => Object.assign(new FakeAgent(), { isSetUp: true });
      await fixture.reopen().restore();
      expect(fixture.sandboxes.inspect('web').state).toBe('stopped');
      expect(fixture.driver.machines).toEqual([]);
    });
  });

  it.each<[string, Partial<typeof request>, string]>([
    ['a sandbox that there is not', { sandbox: 'other' }, 'sandbox/not-found'],
    ['a name that is none', { reference: 'Team Web' }, 'image/reference-invalid'],
    ['the name of a content', { reference: `team/web@${digest}` }, 'image/reference-invalid'],
  ])('refuses %s', (_what, change, code) => {
    expect(() => fixture.sandboxes.commit({ ...request, ...change }, store)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  it('refuses a root that is no image, in words', async () => {
    const image = path.join(temporary.path, '/');
    const operation = await fixture.sandboxes.create({
      name: 'dir',
      image,
      root: { access: 'ro' },
    });
    await fixture.finish(operation);
    expect(() => fixture.sandboxes.commit({ ...request, sandbox: 'dir' }, store)).toThrow(
      expect.objectContaining({
        code: 'image/nothing-to-commit',
        message: `The root of "dir" is a directory, ${temporary.path}, and no image is below its changes.`,
      }) as Error,
    );
  });
});
