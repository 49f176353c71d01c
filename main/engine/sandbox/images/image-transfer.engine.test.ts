/** Imports, exports and builds as operations of an engine, with real buildah and podman. */
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/operation.ts';
import type { Engine } from '../../engine.ts';
import { processStartTime } from '../../host/process-identity.ts';
import { makeContainerStorage } from '../../testing/container-storage.ts';
import { writeBusyboxImage } from '../../testing/images.ts';
import { runTool } from '../../testing/run-tool.ts';
import {
  makeTemporaryDirectory,
  useTemporaryDirectory,
} from '../../testing/temporary-directory.ts';
import { createSandbox, runScript, succeed, TestHome } from '../../testing/test-engine.ts';

const directory = useTemporaryDirectory();
let storage: AsyncDisposable;
let home: TestHome;
let engine: Engine;

beforeAll(async () => {
  storage = await makeContainerStorage();
  home = await TestHome.make();
  engine = await home.open();
  await makeBase();
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await storage[Symbol.asyncDispose]();
});

/** The base of the builds. Buildah wants the history of an image, so it makes this one itself. */
async function makeBase(): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const { dir, layers } = await writeBusyboxImage(path.join(directory.path, 'layout'));
  const layer = path.join(dir, 'blobs', 'sha256', layers[0]?.digest.slice(7) ?? '');
  await copyFile(layer, path.join(directory.path, 'layer.tar.gz'));
  const text = 'FROM scratch\nADD layer.tar.gz /\nENV GREETING="hello from the image"\n';
  await writeFile(path.join(directory.path, 'Dockerfile'), text);
  await runTool('buildah', ['build', '--tag', 'localhost/base:1', directory.path]);
}

const within = (name: string): string => path.join(directory.path, name);

async function context(dockerfile: string, name = 'Dockerfile'): Promise<string> {
  const dir = within('context');
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, 'file'), 'content\n');
  await writeFile(path.join(dir, name), dockerfile);
  return dir;
}

async function outputOf(operation: Operation): Promise<string> {
  await engine.operations.wait(operation.id);
  let output = '';
  engine.operations.onOutput(operation.id, (text) => (output += text))();
  return output;
}

/** Names in podman's storage, which is buildah's too; and whatever Skerry has not finished. */
async function leftovers(): Promise<string[]> {
  const listed = await runTool('podman', ['images', '--format', '{{.Repository}}:{{.Tag}}']);
  const unfinished = await readdir(path.join(home.dir, 'images', 'unfinished'));
  return [...listed.split('\n').filter((name) => name.includes('skerry')), ...unfinished];
}

describe('a build', () => {
  it.each(['buildah', 'podman'] as const)('with %s is in the store', async (program) => {
    const dir = await context(
      'FROM localhost/base:1 AS first\nARG WHO\nRUN echo "hello $WHO" > /greeting\n' +
        'FROM first\nCOPY file /file\nENV ADDED=yes\nCMD ["/bin/cat", "/greeting"]\n',
    );
    const operation = await engine.images.build({
      context: dir,
      tag: `built/${program}:1`,
      buildArgs: { WHO: '--world' },
      program,
    });
    const { outcome, stages } = await succeed(engine, operation);
    expect(outcome).toMatchObject({ references: [`built/${program}:1`] });
    expect(stages.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    const [image] = (await engine.images.list()).filter(
      ({ reference }) => reference === `built/${program}:1`,
    );
    expect(image?.digest).toBe(outcome?.digest);
    expect(await outputOf(operation)).toMatch(/STEP [0-9/]+: COPY file/);
    expect(await leftovers()).toEqual([]);
  });

  it('from nothing, of a stage and a file that are named', async () => {
    const text = 'FROM scratch AS wanted\nCOPY file /file\nFROM nothing-there\n';
    const dir = await context(text, 'Other.dockerfile');
    const request = { context: dir, tag: 'built/scratch', target: 'wanted', noCache: true };
    const file = 'Other.dockerfile';
    await succeed(engine, await engine.images.build({ ...request, file }));
    const absolute = path.join(dir, file);
    await succeed(engine, await engine.images.build({ ...request, file: absolute }));
    await expect(engine.images.build(request)).rejects.toMatchObject({
      code: 'image/path-unusable',
    });
  });

  it('that fails says why, and leaves nothing', async () => {
    const dir = await context('FROM localhost/base:1\nRUN echo to-stderr >&2; exit 7\n');
    const operation = await engine.images.build({ context: dir, tag: 'built/failing' });
    const { error } = await engine.operations.wait(operation.id);
    expect(error?.code).toBe('image/program-failed');
    expect(error?.details?.['outputTail']).toContain('to-stderr');
    expect(await outputOf(operation)).toContain('to-stderr');
    expect((await engine.images.list()).map(({ reference }) => reference)).not.toContain(
      'built/failing',
    );
    expect(await leftovers()).toEqual([]);
  });

  it('that is cancelled ends everything that it started', async () => {
    const pidFile = within('pid');
    const program = within('buildah');
    // In the place of buildah, because the processes of a real build have pids of their own.
    const child = `echo $$ > ${pidFile}.tmp; mv ${pidFile}.tmp ${pidFile}; exec sleep 1000`;
    const script = `#!/bin/sh\n[ "$1" = build ] || exit 1\n(trap '' TERM; sh -c '${child}') & wait\n`;
    await writeFile(program, script);
    await chmod(program, 0o755);
    const dir = await context('FROM scratch\n');
    const before = process.env['PATH'];
    process.env['PATH'] = `${directory.path}:${before ?? ''}`;
    try {
      const operation = await engine.images.build({
        context: dir,
        tag: 'built/cancelled',
        program: 'buildah',
      });
      const readPid = (): Promise<string> => readFile(pidFile, 'utf8').catch(() => '');
      await expect.poll(readPid).not.toBe('');
      await engine.operations.cancel(operation.id);
      expect((await engine.operations.wait(operation.id)).state).toBe('cancelled');
      const pid = Number(await readPid());
      await expect.poll(() => processStartTime(pid)).toBeUndefined();
    } finally {
      process.env['PATH'] = before;
    }
    expect(await leftovers()).toEqual([]);
  });

  it('needs a context and a program', async () => {
    const tag = 'built/none';
    for (const dir of [within('none'), 'relative']) {
      await expect(engine.images.build({ context: dir, tag })).rejects.toMatchObject({
        code: 'image/path-unusable',
      });
    }
  });
});

describe('the images of other programs', () => {
  it('are listed and imported', async () => {
    const programs = await engine.images.programs();
    expect(programs).toContainEqual(
      expect.objectContaining({ program: 'podman', canBuild: true, hasImages: true }),
    );
    const listed = await engine.images.localImages();
    expect(listed).toContainEqual(
      expect.objectContaining({ program: 'podman', reference: 'localhost/base:1' }),
    );
    for (const program of ['podman', 'buildah'] as const) {
      const reference = 'localhost/base:1';
      const operation = await engine.images.importFrom({ program, reference });
      const { outcome } = await succeed(engine, operation);
      expect(outcome?.references).toEqual(['localhost/base:1']);
    }
    expect(await leftovers()).toEqual([]);
  });

  it('that are not there are refused in the words of the program', async () => {
    const reference = 'localhost/none:1';
    const operation = await engine.images.importFrom({ program: 'podman', reference });
    const { error } = await engine.operations.wait(operation.id);
    expect(error?.code).toBe('image/program-failed');
    expect(error?.message).toContain('localhost/none:1');
    expect(await leftovers()).toEqual([]);
  });
});

describe('an archive', () => {
  it('that was imported boots', async () => {
    const file = within('archive.tar');
    const options = ['--quiet', '--format', 'docker-archive', '--output', file];
    await runTool('podman', ['save', ...options, 'localhost/base:1']);
    const imported = await engine.images.import({ path: file, as: 'imported:1' });
    const { outcome } = await succeed(engine, imported);
    await createSandbox(engine, { name: 'imported', image: 'imported:1' });
    const { stdout } = await runScript(engine, 'imported', 'echo $GREETING');
    expect(stdout).toBe('hello from the image\n');

    const again = within('again.tar');
    const request = { references: ['imported:1'], path: again };
    const exported = await succeed(engine, await engine.images.export(request));
    expect(exported.outcome).toEqual({ ...outcome, path: again });
    const refused = await engine.images.export(request);
    expect((await engine.operations.wait(refused.id)).error?.code).toBe('image/file-exists');
  });
});
