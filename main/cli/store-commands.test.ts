/** Volumes, presets and the schema on the command line; the engine is a fake. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture } from './testing/cli-fixture.ts';

let cli: CliFixture;

beforeEach(async () => {
  cli = await CliFixture.start(new FakeEngine());
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function output(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await cli.call(args, input);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
}

async function refusal(args: readonly string[], code = 1): Promise<string> {
  const result = await cli.call(args);
  expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' });
  return result.stderr;
}

describe('volume', () => {
  it('makes, lists, shows and removes volumes', async () => {
    expect(await output(['volume', 'create', 'cache'])).toBe('cache\n');
    const created = await output(['volume', 'create', 'other', '--json']);
    expect(JSON.parse(created)).toMatchObject({ name: 'other', usedBy: [] });
    expect(await output(['volume', 'ls'])).toMatch(/^VOLUME [^]*\ncache [^]*\nother /);
    expect(await output(['volume', 'inspect', 'cache'])).toMatch(/^Name +cache\nDirectory +\//);
    expect(await output(['volume', 'rm', 'cache', 'other'])).toBe('');
    expect(await output(['volume', 'ls', '--json'])).toBe('[]\n');
  });

  it('removes what is in use with force alone', async () => {
    await output(['create', 'web', '--image', 'skerry/starter', '-v', 'cache:/cache']);
    const listed = await output(['volume', 'ls', '--json']);
    expect(JSON.parse(listed)).toMatchObject([{ name: 'cache', usedBy: ['web'] }]);
    const refused = await refusal(['volume', 'rm', 'cache']);
    expect(refused).toContain('(volume/in-use)');
    expect(refused).toContain('web');
    await output(['volume', 'rm', '--force', 'cache']);
    expect(await output(['volume', 'ls', '--json'])).toBe('[]\n');
  });

  it.each([
    [['volume', 'inspect', 'none'], 'volume/not-found'],
    [['volume', 'rm', 'none'], 'volume/not-found'],
  ])('%j is refused', async (args, code) => {
    expect(await refusal(args)).toContain(`(${code})`);
  });

  it('have plain names', async () => {
    expect(await refusal(['volume', 'create', '../x'])).toContain('The name of a volume has');
  });
});

describe('presets', () => {
  it('are listed, saved of a sandbox or a file, and removed', async () => {
    await output(['create', 'web', '--image', 'skerry/starter', '-e', 'A=1']);
    await output(['preset', 'save', 'mine', '--from', 'web', '--description', 'For me.']);
    const file = path.join(cli.dir, 'web.yaml');
    await writeFile(file, 'image: alpine\nmemory: 256\n');
    await output(['preset', 'save', 'other', '--file', file]);
    const listed = JSON.parse(await output(['presets', '--json'])) as unknown;
    expect(listed).toMatchObject([
      { name: 'shell', origin: 'shipped' },
      { name: 'mine', origin: 'own', description: 'For me.', request: { env: { A: '1' } } },
      { name: 'other', origin: 'own', request: { image: 'alpine', memoryMiB: 256 } },
    ]);
    await output(['create', 'again', '--preset', 'mine']);
    const exported = await output(['export', 'again']);
    expect(exported).toBe((await output(['export', 'web'])).replace('name: web', 'name: again'));
    await output(['preset', 'rm', 'other']);
    expect(await output(['presets'])).toMatch(
      /^PRESET [^]*\nshell [^]*\nmine +mine +you +For me\.\n$/,
    );
  });

  it('that are shipped stay', async () => {
    expect(await refusal(['preset', 'rm', 'shell'])).toContain('(preset/not-found)');
  });

  it('are saved of one thing', async () => {
    const words = 'skerry: A preset is saved of one thing: --from SANDBOX, or --file FILE.\n';
    expect(await refusal(['preset', 'save', 'mine'], 2)).toBe(words);
    expect(await refusal(['preset', 'save', 'mine', '--from', 'a', '-f', '-'], 2)).toBe(words);
    expect(await refusal(['preset', 'save', 'mine', '--from', 'nobody'])).toContain(
      '(sandbox/not-found)',
    );
  });
});

describe('schema', () => {
  it('is printed', async () => {
    const schema = JSON.parse(await output(['schema'])) as object;
    expect(schema).toMatchObject({ title: 'Skerry sandbox', properties: { rootDisk: {} } });
  });
});
