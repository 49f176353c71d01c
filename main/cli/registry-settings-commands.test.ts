/** `push` and `registry …`, against a host process; the engine is a fake. */
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture } from './testing/cli-fixture.ts';

let engine: FakeEngine;
let cli: CliFixture;

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function output(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.call(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
}

async function settings(): Promise<unknown> {
  const registries = await engine.registries.list();
  return registries.find(({ name }) => name === 'registry.example:5000')?.settings;
}

describe('registry set', () => {
  const set = ['registry', 'set', 'Registry.example:5000'];

  it('changes what is named, and leaves the rest', async () => {
    expect(await output([...set, '--insecure'])).toMatch(
      /^Registry +registry\.example:5000\nInsecure +yes\nAuthorities +those of this machine\nMirrors +none\n$/,
    );
    await output([...set, '--ca-file', 'ca.pem', '--mirror', 'a.example', 'b.example:5000']);
    expect(await settings()).toEqual({
      isInsecure: true,
      caFile: path.resolve(cli.dir, 'ca.pem'),
      mirrors: ['a.example', 'b.example:5000'],
    });
    const json = await output([...set, '--secure', '--no-ca-file', '--json']);
    expect(JSON.parse(json)).toMatchObject({ name: 'registry.example:5000' });
    expect(await settings()).toEqual({
      isInsecure: false,
      mirrors: ['a.example', 'b.example:5000'],
    });
    await output([...set, '--no-mirrors']);
    expect(await settings()).toEqual({ isInsecure: false, mirrors: [] });
    expect(await output(['registry', 'rm', 'registry.example:5000'])).toBe('');
    expect(await settings()).toBeUndefined();
  });

  it.each([
    [['--insecure', '--secure'], 'insecure or secure'],
    [['--mirror', 'a.example', '--no-mirrors'], '--no-mirrors'],
  ])('refuses %j', async (options, words) => {
    const { code, stderr } = await cli.call([...set, ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(await settings()).toBeUndefined();
  });

  it('refuses what is no registry', async () => {
    const { code, stderr } = await cli.call(['registry', 'set', 'no registry', '--insecure']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not the name of a registry') as string,
    });
  });
});

describe('registry test', () => {
  it('tells step by step', async () => {
    const passed = await output(['registry', 'test', 'registry.example', '--repository', 'a/b']);
    expect(passed).toBe('reach       ok  It answered.\npermission  ok  It answered.\n');
    const skipped = await output(['registry', 'test', 'registry.example']);
    expect(skipped).toContain('permission  -   No repository was named.\n');
  });

  it('exits with 1 where a step fails, with what to do', async () => {
    const failed = await cli.call(['registry', 'test', 'unreachable.example']);
    expect(failed).toMatchObject({ code: 1, stderr: '' });
    expect(failed.stdout.toString()).toBe(
      'name   ok      It answered.\nreach  FAILED  The connection was refused.\n→ Check its port.\n',
    );
    const json = await cli.call(['registry', 'test', 'unreachable.example', '--json']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({ steps: [{}, { result: 'fail' }] });
  });
});

describe('push', () => {
  it('sends an image, by another name if one is given', async () => {
    const [starter] = await engine.images.list();
    expect(await output(['push', 'skerry/starter'])).toBe(`${String(starter?.digest)}\n`);
    const json = await output(['push', 'skerry/starter', 'registry.example/app', '--json']);
    expect(JSON.parse(json)).toMatchObject({
      references: ['registry.example/app'],
      digest: starter?.digest,
    });
  });

  it('refuses what is not in the store', async () => {
    const { code, stderr } = await cli.call(['push', 'missing']);
    expect(code).toBe(1);
    expect(stderr).toContain('(image/not-stored)');
  });
});
