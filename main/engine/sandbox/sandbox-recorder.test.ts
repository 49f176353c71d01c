import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FakeAgent } from '../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { liveCalls } from './live-calls.ts';
import { SandboxesFixture } from './testing/sandboxes-fixture.ts';

describe('what is recorded of a sandbox', () => {
  const temporary = useTemporaryDirectory();
  let fixture: SandboxesFixture;

  beforeEach(async () => {
    fixture = new SandboxesFixture(temporary.path);
    fixture.makeAgent = () => {
      const agent = new FakeAgent();
      agent.kernelLines = [{ sinceBootUs: 1_000_000, text: 'skerry-agent: ready' }];
      return agent;
    };
    await fixture.create('web');
  });
  afterEach(() => fixture.release());

  const calls = () => liveCalls(fixture.sandboxes, fixture.stats);
  const agent = (): FakeAgent => {
    const last = fixture.agents.at(-1);
    if (last === undefined) throw new Error('There is no agent.');
    return last;
  };
  // A guest is asked for the log of its boot a second after it.
  const patience = { timeout: 20_000 };
  const texts = async (): Promise<string[]> => {
    const { lines } = await calls().logs.read({ name: 'web', limit: 100 });
    return lines.map(({ source, text }) => `${source}: ${text}`);
  };

  it('is its console and its kernel, over its runs and those of the host process', async () => {
    await vi.waitUntil(async () => (await texts()).length === 1, patience);
    await fixture.driver.machines[0]?.say('panic: no\r\nhalf a');
    await fixture.sandboxes.stop('web');
    expect(await texts()).toEqual([
      'agent: [    1.000000] skerry-agent: ready',
      'console: panic: no',
      'console: half a',
    ]);
    await fixture.finish(fixture.sandboxes.start('web'));
    await vi.waitUntil(async () => (await texts()).length === 4, patience);
    await fixture.sandboxes.release();
    fixture.makeAgent = () => {
      const again = new FakeAgent();
      again.isSetUp = true;
      return again;
    };
    fixture.reopen();
    await fixture.sandboxes.restore();
    await fixture.driver.machines[0]?.say('still here\n');
    expect((await texts()).slice(3)).toEqual([
      'agent: [    1.000000] skerry-agent: ready',
      'console: still here',
    ]);
    await calls().logs.clear('web');
    expect(await texts()).toEqual([]);
  });

  it('goes with the sandbox, and what comes late brings nothing back', async () => {
    const { log } = fixture.sandboxes.recorder('web');
    const run = await calls().commands.run({ name: 'web', line: 'make' });
    await fixture.sandboxes.remove('web', true);
    agent().sessions()[0]?.say('stdout', 'late\n');
    await log.add([{ atMs: 0, source: 'console', text: 'late' }]);
    expect(await readdir(path.join(fixture.dir, 'sandboxes'))).toEqual([]);
    expect(run).toMatchObject({ line: 'make' });
    expect(() => fixture.sandboxes.recorder('web')).toThrow('There is no sandbox named "web".');
  });

  it('has the steps of each start, and why one failed', async () => {
    const [boot] = fixture.sandboxes.recorder('web').boots.list();
    expect(boot?.steps.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['config', 'assets', 'disks', 'qemu', 'firmware', 'root', 'network']),
    );
    await fixture.sandboxes.stop('web');
    fixture.failToStart();
    await fixture.finish(fixture.sandboxes.start('web'));
    expect(fixture.sandboxes.recorder('web').boots.list()).toMatchObject([
      { failure: 'No.' },
      { startedAtMs: boot?.startedAtMs },
    ]);
  });

  it('is sampled while it runs', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const before = vi.getTimerCount();
    await fixture.release();
    fixture = new SandboxesFixture(path.join(temporary.path, 'another'));
    await fixture.create('other');
    expect(vi.getTimerCount()).toBe(before + 2);
    await fixture.sandboxes.stop('other');
    expect(vi.getTimerCount()).toBe(before);
  });

  it('has a command for each of the three ways to ask for one', async () => {
    const { commands } = calls();
    const { name } = await fixture.sandboxes
      .configure('web', {
        ...{ name: 'web', image: 'alpine', shell: '/bin/ash', scripts: { greet: 'echo hi' } },
      })
      .then(({ sandbox }) => sandbox);
    await commands.run({ name, line: 'echo $A | wc', env: { A: 'secret' } });
    await commands.run({ name, script: 'greet' });
    await commands.run({ name, command: ['ls', '-l'], user: 'ann', workdir: '/srv' });
    expect(agent().executed).toMatchObject([
      { command: ['/bin/ash', '-c', 'echo $A | wc'], env: { A: 'secret' } },
      { command: ['/.msb/scripts/greet'] },
      { command: ['ls', '-l'], user: 'ann', workdir: '/srv' },
    ]);
    expect(commands.list('web')).toMatchObject([
      { command: ['ls', '-l'] },
      { script: 'greet' },
      { line: 'echo $A | wc' },
    ]);
    for (const wrong of [
      {},
      { line: 'a', script: 'greet' },
      { script: 'no' },
      { script: 'toString' },
    ]) {
      await expect(commands.run({ name, ...wrong })).rejects.toMatchObject({
        code: 'command/invalid',
      });
    }
    await fixture.sandboxes.stop('web');
    await expect(commands.run({ name, line: 'a' })).rejects.toMatchObject({
      code: 'sandbox/not-running',
    });
    expect(commands.list('web')[0]).toMatchObject({ failure: '"web" has stopped.' });
  });

  it('has the commands of clients, which know nothing of it', async () => {
    const session = await fixture.sandboxes.exec({ name: 'web', command: ['id'] });
    expect(session).toMatchObject({ command: ['id'], tty: false });
    await fixture.sandboxes.shell({ name: 'web', tty: { rows: 2, columns: 2 } });
    expect(calls().commands.list('web')).toMatchObject([{ command: ['id'], origin: 'client' }]);
  });

  it('knows the processes of its guest while it runs', async () => {
    const init = { pid: 1, parentPid: 0, userId: 0, state: 'S', residentBytes: 1, cpuMs: 1 };
    agent().running = [{ ...init, command: 'init' }];
    expect(await calls().stats.processes('web')).toEqual([{ ...init, command: 'init' }]);
    await fixture.sandboxes.stop('web');
    await expect(calls().stats.processes('web')).rejects.toMatchObject({
      code: 'sandbox/not-running',
    });
  });
});
