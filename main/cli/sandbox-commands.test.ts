/** The real command against a real host process over a unix socket; only the engine is a fake. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture, finish } from './testing/cli-fixture.ts';

// Each command is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let engine: FakeEngine;
let cli: CliFixture;

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function expectOutput(args: readonly string[], stdout: string): Promise<void> {
  const result = await cli.run(args);
  expect({ ...result, stdout: result.stdout.toString() }).toEqual({ code: 0, stdout, stderr: '' });
}

/** Resolves when the engine says so, which is when the child is far enough. */
function untilEvent(
  matches: (event: Parameters<Parameters<FakeEngine['subscribe']>[0]>[0]) => boolean,
) {
  return new Promise<void>((resolve) => {
    const off = engine.subscribe((event) => {
      if (!matches(event)) return;
      queueMicrotask(() => {
        off();
        resolve();
      });
    });
  });
}

describe('sandboxes', () => {
  it('are created, listed, stopped, started and removed', async () => {
    await expectOutput(['create', 'web', '--image', 'skerry/starter', '--cpus', '2'], 'web\n');
    const listed = await cli.run(['ls', '--json']);
    expect(JSON.parse(listed.stdout.toString())).toMatchObject([
      { name: 'web', state: 'running', config: { cpus: 2, memoryMiB: 512 } },
    ]);
    await expectOutput(['start', 'web'], '');
    await expectOutput(['stop', 'web'], '');
    expect(engine.sandboxes.inspect('web').state).toBe('stopped');
    const started = await cli.run(['start', 'web', '--json']);
    expect(JSON.parse(started.stdout.toString())).toMatchObject({ state: 'running' });
    const refused = await cli.run(['rm', 'web']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('sandbox/running');
    await expectOutput(['rm', '--force', 'web'], '');
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it('take every option of their configuration', async () => {
    const options =
      '--memory 256 --disk 1024 --env A=1 --env B=x=y --workdir /srv --shell /bin/ash';
    await cli.run(['create', 'web', '--image', 'skerry/starter', ...options.split(' ')]);
    expect(engine.sandboxes.inspect('web').config).toMatchObject({
      memoryMiB: 256,
      rootDiskMiB: 1024,
      env: { A: '1', B: 'x=y' },
      workdir: '/srv',
      shell: '/bin/ash',
    });
  });

  it('fail with a code, what happened and what to do', async () => {
    expect(await cli.run(['inspect', 'nobody'])).toMatchObject({
      code: 1,
      stderr:
        'skerry: There is no sandbox called "nobody".\n' +
        '→ List the sandboxes with `skerry ls`. (sandbox/not-found)\n',
    });
    const asJson = await cli.run(['create', '-x', '--image', 'a', '--json']);
    expect(asJson.code).toBe(2);
    const wrong = await cli.run(['create', 'web', '--image', 'missing', '--json']);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout.toString()).toBe('');
    expect(JSON.parse(wrong.stderr)).toMatchObject({ error: { code: 'image/not-found' } });
    const tooMany = await cli.run(['create', 'web', '--image', 'alpine', '--cpus', '1000']);
    expect(tooMany.stderr).toBe(
      'skerry: cpus: CPUs must be a whole number from 1 to 64.\n' +
        '→ Correct the fields that are named. (config/invalid)\n',
    );
  });

  it('are cancelled by Ctrl+C while they are made', async () => {
    const running = untilEvent(({ type }) => type === 'operation');
    const child = cli.begin(['create', 'web', '--image', 'endless']);
    const ended = finish(child);
    await running;
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(engine.sandboxes.list()).toEqual([]);
  });
});

describe('images', () => {
  it('are pulled and listed', async () => {
    expect((await cli.run(['pull', 'alpine'])).stdout.toString()).toMatch(
      /^sha256:[0-9a-f]{64}\n$/,
    );
    const listed = await cli.run(['images', '--json']);
    expect(JSON.parse(listed.stdout.toString())).toMatchObject([
      { reference: 'skerry/starter' },
      { reference: 'alpine' },
    ]);
    expect((await cli.run(['images'])).stdout.toString()).toMatch(/^IMAGE +DIGEST[^]*\nalpine /);
  });

  it('are made of sandboxes', async () => {
    await cli.run(['create', 'web', '--image', 'alpine']);
    const args = ['commit', 'web', 'team/web:2', '-m', 'Why', '--author', 'Ann'];
    const made = await cli.run(args);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout.toString()).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(engine.commits).toEqual([
      { sandbox: 'web', reference: 'team/web:2', message: 'Why', author: 'Ann' },
    ]);
    const json = await cli.run(['commit', 'web', 'team/web:3', '--json']);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({ reference: 'team/web:3' });
    const { stdout } = await cli.run(['images']);
    expect(stdout.toString()).toMatch(/\nteam\/web:2 [^]*\nteam\/web:3 /);
  });

  it('are made of nothing else', async () => {
    const refused = await cli.run(['commit', 'nobody', 'team/web']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('(sandbox/not-found)');
    const invalid = await cli.run(['commit', 'nobody', 'Team Web']);
    expect(invalid.code).not.toBe(0);
    expect(invalid.stderr).toContain('has a space in it');
  });
});
