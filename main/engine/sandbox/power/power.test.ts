import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/operation.ts';
import { AppError } from '../../base/app-error.ts';
import { FakeAgent } from '../../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SandboxesFixture } from '../testing/sandboxes-fixture.ts';

describe('power', () => {
  const temporary = useTemporaryDirectory();
  let fixture: SandboxesFixture;

  beforeEach(() => {
    fixture = new SandboxesFixture(temporary.path);
    fixture.makeAgent = () => {
      const agent = new FakeAgent();
      const earlier = fixture.agents.at(-1);
      if (earlier !== undefined) agent.goOnWith(earlier);
      return agent;
    };
  });
  afterEach(() => fixture.release());

  const machine = () => fixture.driver.machines.at(-1);
  const folder = () => {
    const { id } = fixture.sandboxes.inspect('web');
    return path.join(fixture.dir, 'sandboxes', id);
  };
  const suspend = (): Promise<Operation> => fixture.finish(fixture.sandboxes.suspend('web'));
  const start = (options = {}): Promise<Operation> =>
    fixture.finish(fixture.sandboxes.start('web', options));
  const reopen = async (): Promise<void> => {
    await fixture.sandboxes.release();
    await fixture.reopen().restore();
  };
  /** As if the host process was killed: nothing is let go of in order, and nothing written. */
  const kill = async (): Promise<void> => {
    for (const each of fixture.driver.machines) each.isHeld = false;
    await fixture.reopen().restore();
  };
  const shell = (): Promise<string> =>
    fixture.sandboxes.shell({ name: 'web', tty: { rows: 24, columns: 80 } }).then(({ id }) => id);

  describe('a pause', () => {
    it('stops the processors, refuses what is asked meanwhile, and tells the time after', async () => {
      await fixture.create('web');
      expect(await fixture.sandboxes.pause('web')).toMatchObject({ state: 'paused' });
      expect(machine()?.isPaused).toBe(true);
      const refused = { code: 'sandbox/paused' };
      await expect(shell()).rejects.toMatchObject(refused);
      await expect(fixture.sandboxes.processes('web')).rejects.toMatchObject(refused);
      expect(() => fixture.sandboxes.running('web')).toThrow(AppError);
      expect(() => fixture.sandboxes.start('web')).toThrow('"web" is paused.');
      expect(await fixture.sandboxes.resume('web')).toMatchObject({ state: 'running' });
      expect(machine()?.isPaused).toBe(false);
      expect(fixture.agents[0]).toMatchObject({ holds: 1, clocks: [expect.any(Number)] });
      await shell();
    });

    it('stops the processors where processes cannot be held', async () => {
      await fixture.create('web');
      const agent = fixture.agents[0];
      if (agent !== undefined) agent.onHold = () => Promise.reject(new Error('One is in the way.'));
      expect(await fixture.sandboxes.pause('web')).toMatchObject({ state: 'paused' });
      expect(await fixture.sandboxes.resume('web')).toMatchObject({ state: 'running' });
    });

    it('is nothing twice', async () => {
      await fixture.create('web');
      await Promise.all([fixture.sandboxes.pause('web'), fixture.sandboxes.pause('web')]);
      expect(fixture.heard.filter((line) => line === 'web paused')).toHaveLength(1);
      await Promise.all([fixture.sandboxes.resume('web'), fixture.sandboxes.resume('web')]);
      expect(fixture.heard.slice(-2)).toEqual(['web paused', 'web running']);
    });

    it('holds what is typed, in order', async () => {
      await fixture.create('web');
      const id = await shell();
      await fixture.sandboxes.pause('web');
      const attachment = fixture.sessions.attach(id, fixture.sink);
      const written = [attachment.write(Buffer.from('a')), attachment.write(Buffer.from('b'))];
      await fixture.sandboxes.resume('web');
      await Promise.all([...written, attachment.write(Buffer.from('c'))]);
      const session = fixture.agents[0]?.sessions()[0];
      expect(session?.written.map(String)).toEqual(['a', 'b', 'c']);
    });

    it('lasts while the host process is away, and the agent is found at its end', async () => {
      await fixture.create('web');
      const id = await shell();
      await fixture.sandboxes.pause('web');
      await reopen();
      expect(fixture.sandboxes.inspect('web').state).toBe('paused');
      expect(fixture.agents).toHaveLength(1);
      await fixture.sandboxes.resume('web');
      expect(fixture.agents).toHaveLength(2);
      expect(fixture.sandboxes.sessions('web')).toMatchObject([{ id }]);
    });

    it('ends with a stop, in order', async () => {
      await fixture.create('web');
      await fixture.sandboxes.pause('web');
      expect(await fixture.sandboxes.stop('web')).toMatchObject({ state: 'stopped' });
      await fixture.finish(fixture.sandboxes.start('web'));
      expect(fixture.sandboxes.inspect('web').state).toBe('running');
    });

    it('does not make a guest that stands still a lost one', async () => {
      await fixture.create('web');
      await fixture.sandboxes.pause('web');
      fixture.agents[0]?.break(new Error('It broke.'));
      await fixture.sandboxes.resume('web');
      expect(fixture.sandboxes.inspect('web')).not.toHaveProperty('lastError');
      await expect.poll(() => shell()).toBeTypeOf('string');
    });
  });

  describe('a suspend', () => {
    it('keeps the memory and the sessions, and a start goes on with them', async () => {
      await fixture.create('web');
      const id = await shell();
      const first = machine();
      if (first !== undefined) first.memory = 'what it knew';
      const { startedAtMs } = fixture.sandboxes.inspect('web');
      expect(await suspend()).toMatchObject({ state: 'succeeded' });
      expect(fixture.driver.machines).toEqual([]);
      expect(fixture.agents[0]?.holds).toBe(1);
      const suspended = fixture.sandboxes.inspect('web');
      expect(suspended).toMatchObject({ state: 'suspended' });
      expect(suspended.suspended?.memoryBytes).toBe(
        (await stat(path.join(folder(), 'suspend/state'))).size,
      );
      expect(suspended).not.toHaveProperty('lastError');
      await expect(shell()).rejects.toMatchObject({ code: 'sandbox/suspended' });
      expect(fixture.sandboxes.sessions('web')).toMatchObject([{ id }]);

      expect(await start()).toMatchObject({ state: 'succeeded' });
      expect(machine()?.memory).toBe('what it knew');
      expect(machine()?.isPaused).toBe(false);
      expect(fixture.sandboxes.inspect('web')).toMatchObject({
        state: 'running',
        startedAtMs,
        beganBy: 'resumed',
      });
      expect(fixture.agents.at(-1)?.clocks).toHaveLength(1);
      expect(fixture.sandboxes.sessions('web')).toMatchObject([{ id }]);
      expect(await readdir(folder())).not.toContain('suspend');
    });

    it('says its states in order', async () => {
      await fixture.create('web');
      await suspend();
      await start();
      expect(fixture.heard.slice(2)).toEqual([
        'web suspending',
        'web suspended',
        'web starting',
        'web running',
      ]);
    });

    it('holds what is typed into a terminal until it goes on', async () => {
      await fixture.create('web');
      const id = await shell();
      const attachment = fixture.sessions.attach(id, fixture.sink);
      await suspend();
      const written = attachment.write(Buffer.from('ls\n'));
      await start();
      await written;
      expect(fixture.agents.at(-1)?.sessions()[0]?.written.map(String)).toEqual(['ls\n']);
      expect(fixture.sinkErrors).toEqual([]);
    });

    it('outlives the host process', async () => {
      await fixture.create('web');
      const id = await shell();
      await suspend();
      await reopen();
      expect(fixture.sandboxes.inspect('web')).toMatchObject({ state: 'suspended' });
      expect(await start()).toMatchObject({ state: 'succeeded' });
      expect(fixture.sandboxes.sessions('web')).toMatchObject([{ id }]);
    });

    it('of a paused sandbox goes on running', async () => {
      await fixture.create('web');
      await fixture.sandboxes.pause('web');
      await suspend();
      await start();
      expect(fixture.sandboxes.inspect('web').state).toBe('running');
      await reopen();
      expect(fixture.sandboxes.inspect('web').state).toBe('running');
    });

    it('that is cancelled leaves it running, and nothing behind', async () => {
      await fixture.create('web');
      const operation = fixture.sandboxes.suspend('web');
      await fixture.operations.cancel(operation.id);
      expect(fixture.operations.get(operation.id).state).toBe('cancelled');
      expect(fixture.sandboxes.inspect('web').state).toBe('running');
      expect(machine()?.isPaused).toBe(false);
      expect(await readdir(folder())).not.toContain('suspend');
      await shell();
    });

    it('refuses a sandbox with directories of the host, and says which', async () => {
      const data = path.join(fixture.dir, 'data');
      await mkdir(data);
      const config = { name: 'web', image: 'alpine', volumes: { '/data': { bind: data } } };
      await fixture.finish(await fixture.sandboxes.create(config));
      expect(() => fixture.sandboxes.suspend('web')).toThrow('/data');
      expect(fixture.sandboxes.inspect('web').state).toBe('running');
    });

    it('refuses one that does not run', async () => {
      await fixture.create('web');
      await fixture.sandboxes.stop('web');
      expect(() => fixture.sandboxes.suspend('web')).toThrow('"web" is stopped.');
    });

    it('of one that is suspended has succeeded', async () => {
      await fixture.create('web');
      await suspend();
      expect(fixture.sandboxes.suspend('web').state).toBe('succeeded');
    });

    it.each([
      ['another QEMU', () => (fixture.driverVersion = '9.0.0'), 'QEMU 7.2.22'],
      ['a file that was cut', () => truncate(path.join(folder(), 'suspend/state'), 10), '10 bytes'],
      [
        'a damaged file',
        async () => {
          const file = path.join(folder(), 'suspend/state');
          await writeFile(file, (await readFile(file)).fill(0x20));
        },
        'cannot go on',
      ],
      [
        'no description',
        () => truncate(path.join(folder(), 'suspend/saved.json'), 0),
        'no machine',
      ],
    ])('stays suspended with %s, and starts from its disk', async (_what, change, words) => {
      await fixture.create('web');
      await shell();
      await suspend();
      await change();
      expect(await start()).toMatchObject({
        state: 'failed',
        error: { code: 'suspend/unusable', message: expect.stringContaining(words) as string },
      });
      expect(fixture.sandboxes.inspect('web')).toMatchObject({
        state: 'suspended',
        lastError: { code: 'suspend/unusable' },
      });
      expect(fixture.driver.machines).toEqual([]);
      expect(await start({ fromDisk: true })).toMatchObject({ state: 'succeeded' });
      const sandbox = fixture.sandboxes.inspect('web');
      expect(sandbox).toMatchObject({ state: 'running', beganBy: 'cold' });
      expect(sandbox).not.toHaveProperty('lastError');
      expect(sandbox).not.toHaveProperty('suspended');
      expect(await readdir(folder())).not.toContain('suspend');
    });

    it('gives its memory up when it is stopped, restarted or removed', async () => {
      await fixture.create('web');
      await suspend();
      expect(await fixture.sandboxes.stop('web')).toMatchObject({ state: 'stopped' });
      expect(await readdir(folder())).not.toContain('suspend');
      await start();
      await suspend();
      await fixture.finish(fixture.sandboxes.restart('web'));
      expect(fixture.sandboxes.inspect('web')).toMatchObject({ state: 'running', beganBy: 'cold' });
      await suspend();
      await fixture.sandboxes.remove('web');
      expect(fixture.sandboxes.list()).toEqual([]);
    });

    it('keeps its disk from being copied or read', async () => {
      await fixture.create('web');
      await suspend();
      const refused = { code: 'sandbox/suspended' };
      expect(() => fixture.sandboxes.duplicate('web', 'two', true)).toThrow(
        expect.objectContaining(refused),
      );
      const copy = await fixture.finish(fixture.sandboxes.duplicate('web', 'two', false));
      expect(copy.state).toBe('succeeded');
      expect(fixture.sandboxes.inspect('two')).not.toHaveProperty('suspended');
    });
  });

  describe('a host process that is killed', () => {
    /** Stops what happens at a moment, for good, and says when it is reached. */
    const stopAt = () => {
      const reached = Promise.withResolvers<undefined>();
      const never = new Promise<void>(() => undefined);
      return {
        reached: reached.promise,
        stop: () => {
          reached.resolve(undefined);
          return never;
        },
      };
    };

    it('while the memory is written leaves it running', async () => {
      await fixture.create('web');
      const { reached, stop } = stopAt();
      const held = machine();
      if (held === undefined) throw new Error('It does not run.');
      fixture.onSave = stop;
      fixture.sandboxes.suspend('web');
      await reached;
      fixture.onSave = () => Promise.resolve();
      expect(held.isPaused).toBe(true);
      await kill();
      expect(fixture.sandboxes.inspect('web').state).toBe('running');
      expect(held.isPaused).toBe(false);
      expect(fixture.agents.at(-1)?.clocks).toHaveLength(1);
      expect(await readdir(folder())).not.toContain('suspend');
    });

    it('before the machine is ended leaves it suspended, and the machine ends', async () => {
      await fixture.create('web');
      const { reached, stop } = stopAt();
      fixture.onQuit = stop;
      fixture.sandboxes.suspend('web');
      await reached;
      expect(fixture.driver.machines).toHaveLength(1);
      await kill();
      expect(fixture.sandboxes.inspect('web').state).toBe('suspended');
      expect(fixture.driver.machines).toEqual([]);
      expect(await start()).toMatchObject({ state: 'succeeded' });
    });

    it('while the memory is read leaves it suspended', async () => {
      await fixture.create('web');
      await suspend();
      const { reached, stop } = stopAt();
      fixture.onStart = stop;
      fixture.sandboxes.start('web');
      await reached;
      fixture.onStart = () => undefined;
      await kill();
      expect(fixture.sandboxes.inspect('web').state).toBe('suspended');
      expect(await start()).toMatchObject({ state: 'succeeded' });
    });

    it('when the machine goes on leaves it running, and what was saved goes', async () => {
      await fixture.create('web');
      await suspend();
      const { reached, stop } = stopAt();
      fixture.onConnect = stop;
      fixture.sandboxes.start('web');
      await reached;
      fixture.onConnect = () => Promise.resolve();
      expect(await readdir(folder())).toContain('suspend');
      await kill();
      expect(fixture.sandboxes.inspect('web').state).toBe('running');
      expect(await readdir(folder())).not.toContain('suspend');
    });
  });
});
