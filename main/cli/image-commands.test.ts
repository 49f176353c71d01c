/** The upkeep of images on the command line; the engine is a fake. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture, skerry } from './testing/cli-fixture.ts';

let cli: CliFixture;

beforeEach(async () => {
  cli = await CliFixture.start(new FakeEngine());
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function output(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.call(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
}

async function refusal(args: readonly string[], code = 1): Promise<string> {
  const result = await cli.call(args);
  expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' });
  return result.stderr;
}

async function names(): Promise<string[]> {
  const images = JSON.parse(await output(['images', '--json'])) as { reference: string }[];
  return images.map(({ reference }) => reference);
}

describe('images', () => {
  it('lists, with and without a command', async () => {
    const listed = await output(['images']);
    expect(listed).toMatch(/^IMAGE .*\nskerry\/starter /);
    expect(await output(['images', 'ls'])).toBe(listed);
    expect(await output(['images', 'ls', '--json'])).toBe(await output(['images', '--json']));
    expect(await refusal(['images', 'list'], 2)).toMatch(/^skerry: /);
  });

  it('shows everything about one, and nothing that drives a terminal', async () => {
    await output(['pull', 'alpine']);
    await output(['images', 'tag', 'alpine', 'team/app:2']);
    const shown = await output(['images', 'inspect', 'alpine']);
    expect(shown).toMatch(/^Image +alpine\nOther names +team\/app:2\nDigest +sha256:/);
    expect(shown).toContain('Command        ["sh"]\n');
    expect(shown).toMatch(/\nMADE +LAYER +BY\n- +- +COPY a b\n$/);
    expect(shown).not.toContain('\u001b');
    const details = JSON.parse(await output(['images', 'inspect', '--json', 'alpine'])) as unknown;
    expect(details).toMatchObject({ reference: 'alpine', config: { cmd: ['sh'] } });
    expect(await refusal(['images', 'inspect', 'none'])).toContain('(image/not-stored)');
  });

  it('removes names, and by force such as sandboxes use', async () => {
    await output(['create', 'web', '--image', 'alpine']);
    await output(['pull', 'debian']);
    const refused = await refusal(['images', 'rm', 'alpine']);
    expect(refused).toContain('(image/in-use)');
    expect(refused).toContain('web');
    expect(await output(['images', 'rm', 'debian'])).toBe('debian removed, 2 MiB freed\n');
    expect(await output(['images', 'rm', '-f', 'alpine'])).toBe('alpine removed\n');
    expect(await names()).toEqual(['skerry/starter']);
  });

  it('prunes what nothing uses, and says so first', async () => {
    await output(['create', 'web', '--image', 'alpine']);
    await output(['pull', 'debian']);
    expect(await output(['images', 'prune', '--force'])).toBe('0 B freed, 0 layers\n');
    const preview = 'debian\n2 MiB would be freed, 1 layer\n';
    expect(await output(['images', 'prune', '--all', '--dry-run'])).toBe(preview);
    expect(await refusal(['images', 'prune', '--all'], 2)).toContain('--force');
    expect(await names()).toContain('debian');
    const json = JSON.parse(await output(['images', 'prune', '-a', '-f', '--json'])) as unknown;
    expect(json).toMatchObject({ references: ['debian'], freedBytes: 2 * 1024 * 1024 });
    expect(await names()).toEqual(['skerry/starter', 'alpine']);
  });

  const script = '/usr/bin/script';
  it.runIf(process.platform === 'linux' && existsSync(script)).each([
    ['n', 1, ['skerry/starter', 'debian']],
    ['y', 0, ['skerry/starter']],
  ])('asks on a terminal before it prunes: %s', async (answer, code, left) => {
    await output(['pull', 'debian']);
    const command = `${skerry} images prune --all`;
    const child = cli.begin(['-qec', command, '/dev/null'], { program: script });
    let written = '';
    child.stdout.on('data', (part: Buffer) => {
      const wasAsked = written.includes('[y/N]');
      written += part.toString();
      if (!wasAsked && written.includes('[y/N]')) child.stdin.write(`${answer}\n`);
    });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    expect(written).toContain('debian\r\n2 MiB would be freed, 1 layer\r\n');
    expect(exitCode).toBe(code);
    expect(await names()).toEqual(left);
  });

  it('shows where the bytes are, and keeps a limit', async () => {
    await output(['create', 'web', '--image', 'alpine']);
    const usage = await output(['images', 'df']);
    expect(usage).toMatch(/^Total +4 MiB\nLimit +none\n/);
    expect(usage).toMatch(/\nalpine +[0-9a-f]{12} +2 MiB +0 B +web\n/);
    expect(await output(['images', 'limit'])).toBe('none (4 MiB in use)\n');
    expect(await output(['images', 'limit', '1.5GiB'])).toBe('1.5 GiB (4 MiB in use)\n');
    const json = JSON.parse(await output(['images', 'df', '--json'])) as unknown;
    expect(json).toMatchObject({ limitBytes: 1.5 * 1024 ** 3, totalBytes: 4 * 1024 ** 2 });
    expect(await output(['images', 'limit', 'none'])).toBe('none (4 MiB in use)\n');
    for (const wrong of ['much', '0', '-1', '1e9', '10 PiB']) {
      expect(await refusal(['images', 'limit', '--', wrong], 2)).toContain('20GiB');
    }
  });
});
