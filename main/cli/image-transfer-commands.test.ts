/** Archives and builds on the command line; the engine is a fake. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageCalls } from '../engine/image-calls.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture, finish } from './testing/cli-fixture.ts';

let cli: CliFixture;
let engine: FakeEngine;

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
  await mkdir(spools());
});

afterEach(async () => {
  expect(readdirSync(spools())).toEqual([]);
  await cli[Symbol.asyncDispose]();
});

/** Where files are put that come from stdin or go to stdout. */
const spools = (): string => path.join(cli.dir, 'spools');

async function output(args: readonly string[], input = '', stderr: unknown = ''): Promise<string> {
  const result = await cli.call(args, input, { env: { TMPDIR: spools() } });
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr });
  return result.stdout.toString();
}

async function refusal(args: readonly string[], code = 1, input = ''): Promise<string> {
  const result = await cli.call(args, input, { env: { TMPDIR: spools() } });
  expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' });
  return result.stderr;
}

async function digestOf(reference: string): Promise<string | undefined> {
  return (await engine.images.list()).find((image) => image.reference === reference)?.digest;
}

async function storedImages(): Promise<string[]> {
  return (await engine.images.list()).map(({ reference }) => reference);
}

describe('images import', () => {
  it('prints the names that came', async () => {
    await writeFile(path.join(cli.dir, 'archive.tar'), 'one\ntwo\n');
    expect(await output(['images', 'import', 'archive.tar'])).toBe('one\ntwo\n');
    const json = await output(['images', 'import', './archive.tar', '--as', 'three', '--json']);
    expect(JSON.parse(json)).toEqual({
      references: ['three'],
      digest: await digestOf('three'),
    });
    expect(await storedImages()).toEqual(['skerry/starter', 'one', 'two', 'three']);
  });

  it('takes over what another program keeps', async () => {
    expect(await output(['images', 'local'])).toBe(
      [
        'PROGRAM  IMAGE           ID            SIZE',
        'podman   localhost/kept  a1a1a1a1a1a1  1 KiB',
        '',
        'docker  Cannot connect to the Docker daemon.',
        '',
      ].join('\n'),
    );
    const json = JSON.parse(await output(['images', 'local', '--json'])) as unknown;
    expect(json).toMatchObject({ images: [{ reference: 'localhost/kept' }] });
    const args = ['images', 'import', '--from', 'podman'];
    expect(await output([...args, 'localhost/kept'])).toBe('localhost/kept\n');
    expect(await storedImages()).toEqual(['skerry/starter', 'localhost/kept']);
    expect(await refusal([...args, 'none'])).toContain('(image/program-failed)');
    expect(await refusal([...args, 'none', '--as', 'x'], 2)).toContain('--as');
  });

  it('reads stdin', async () => {
    expect(await output(['images', 'import', '-'], 'piped\n')).toBe('piped\n');
    expect(await output(['load'], 'loaded\n')).toBe('loaded\n');
    expect(await storedImages()).toEqual(['skerry/starter', 'piped', 'loaded']);
  });

  it('says what is wrong', async () => {
    expect(await refusal(['images', 'import', 'none.tar'])).toContain('(image/path-unusable)');
    expect(await refusal(['load', '--input', 'none.tar'])).toContain('(image/path-unusable)');
    expect(await refusal(['images', 'import', '-', '--as', 'A B'], 1, 'x')).toContain(
      'has a space',
    );
  });

  it('removes what it has of stdin when it is interrupted', async () => {
    const child = cli.begin(['images', 'import', '-'], { env: { TMPDIR: spools() } });
    const ended = finish(child);
    child.stdin.on('error', () => undefined);
    child.stdin.write('begun');
    const isSpooled = (): boolean =>
      readdirSync(spools()).some((name) => existsSync(path.join(spools(), name, 'stdin')));
    await expect.poll(isSpooled, { timeout: 30_000 }).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stderr: '' });
    expect(await storedImages()).toEqual(['skerry/starter']);
  });
});

describe('images export', () => {
  it('writes a file and prints its path', async () => {
    const file = path.join(cli.dir, 'out.tar');
    expect(await output(['images', 'export', 'skerry/starter', '-o', 'out.tar'])).toBe(`${file}\n`);
    expect(await readFile(file, 'utf8')).toBe('oci\nskerry/starter\n');
    const again = ['save', 'skerry/starter', '--format', 'docker', '-o', file];
    expect(await refusal(again)).toContain('(image/file-exists)');
    expect(await output([...again, '--force'])).toBe(`${file}\n`);
    expect(await readFile(file, 'utf8')).toBe('docker\nskerry/starter\n');
  });

  it('writes to stdout', async () => {
    const written = 'oci\nskerry/starter\n';
    expect(await output(['images', 'export', 'skerry/starter', '-o', '-'])).toBe(written);
    expect(await output(['save', 'skerry/starter'])).toBe(written);
  });

  it('says what is wrong', async () => {
    const missing = ['images', 'export', 'none', '--output', '-'];
    expect(await refusal(missing)).toContain('(image/not-stored)');
    expect(await refusal(['images', 'export', 'none'], 2)).toContain('--output');
    expect(await refusal([...missing, '--format', 'zip'], 2)).toContain('oci, docker');
  });
});

describe('build', () => {
  it('shows what the program says and prints the digest', async () => {
    const said = expect.stringContaining('output of operation-') as unknown;
    const printed = await output(['build', '-t', 'app:1', '.'], '', said);
    expect(printed).toBe(`${String(await digestOf('app:1'))}\n`);
    expect(await storedImages()).toEqual(['skerry/starter', 'app:1']);
    const json = await output(['build', '-t', 'app:2', '--json', '/'], '', said);
    expect(JSON.parse(json)).toEqual({
      references: ['app:2'],
      digest: await digestOf('app:2'),
    });
  });

  it('gives the engine everything, with whole paths', async () => {
    const asked: Parameters<ImageCalls['build']>[0][] = [];
    const build = engine.images.build.bind(engine.images);
    engine.images.build = (request) => {
      asked.push(request);
      return build(request);
    };
    const options = ['--file', 'sub/File', '--target', 'base', '--no-cache', '--with', 'podman'];
    const values = ['--build-arg', 'A=1', '--build-arg', 'B=x=y'];
    const said = expect.anything() as unknown;
    await output(['build', '-t', 'app', ...options, ...values, 'context'], '', said);
    expect(asked).toEqual([
      {
        context: path.join(cli.dir, 'context'),
        file: path.join(cli.dir, 'sub/File'),
        tag: 'app',
        target: 'base',
        buildArgs: { A: '1', B: 'x=y' },
        noCache: true,
        program: 'podman',
      },
    ]);
  });

  it('says what is wrong', async () => {
    expect(await refusal(['build', '-t', 'failing', '.'])).toContain('(image/program-failed)');
    const missing = ['build', '-t', 'app', '--with', 'buildah', '.'];
    expect(await refusal(missing)).toContain('(image/program-missing)');
    expect(await refusal(['build', '.'], 2)).toContain('--tag');
    expect(await refusal(['build', '-t', 'app', '--build-arg', 'A', '.'], 2)).toContain(
      'KEY=value',
    );
  });
});
