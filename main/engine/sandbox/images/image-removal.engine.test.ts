/** Images that are removed under the sandboxes that use them, with real machines. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { writeBusyboxImage } from '../../testing/images.ts';
import { startRegistry, type TestRegistry } from '../../testing/registry.ts';
import { makeTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { createSandbox, runScript, succeed, TestHome } from '../../testing/test-engine.ts';

let home: TestHome;
let engine: Engine;
let registry: TestRegistry;
let reference: string;

beforeAll(async () => {
  await using directory = await makeTemporaryDirectory();
  registry = await startRegistry();
  const image = await writeBusyboxImage(join(directory.path, 'layout'));
  reference = await registry.push(image.dir, image.refName, 'team/busybox:1');
  home = await TestHome.make();
  engine = await home.open();
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

/** Everything that nothing needs goes; then the layer of the image is read from end to end. */
async function expectReadable(name: string): Promise<void> {
  await engine.images.prune({ all: true, isPreview: false });
  const script = 'echo 3 > /proc/sys/vm/drop_caches; cat /bin/busybox | wc -c; cat /kept';
  const { stdout } = await runScript(engine, name, script);
  expect(stdout).toMatch(/^\d{6,}\nmine\n$/);
}

it('a removed image serves its sandboxes, running and stopped, until they go', async () => {
  await createSandbox(engine, { name: 'running', image: reference });
  await createSandbox(engine, { name: 'stopped', image: reference });
  for (const name of ['running', 'stopped'])
    await runScript(engine, name, 'echo mine > /kept; sync');
  await engine.sandboxes.stop('stopped');
  const refused = engine.images.remove(reference);
  await expect(refused).rejects.toMatchObject({
    ...{ code: 'image/in-use', details: { sandboxes: ['running', 'stopped'] } },
  });
  expect((await engine.images.inspect(reference)).usedBy).toEqual(['running', 'stopped']);

  const heard = Promise.withResolvers<string[]>();
  const unsubscribe = engine.subscribe((event) => {
    if (event.type !== 'images') return;
    const names = event.images.map((image) => image.reference);
    if (!names.includes(reference)) heard.resolve(names);
  });
  expect(await engine.images.remove(reference, { force: true })).toMatchObject({ layers: [] });
  expect(await heard.promise).toEqual(['skerry/starter']);
  unsubscribe();
  expect((await engine.images.list()).map((image) => image.reference)).toEqual(['skerry/starter']);

  await expectReadable('running');
  await succeed(engine, await engine.sandboxes.start('stopped'));
  await expectReadable('stopped');
  await succeed(engine, await engine.sandboxes.restart('running'));
  await expectReadable('running');

  // The next host process knows as much.
  await home.close();
  engine = await home.open();
  await expectReadable('running');
  await engine.sandboxes.stop('stopped');
  await succeed(engine, await engine.sandboxes.start('stopped'));
  await expectReadable('stopped');

  const { imageDigest = '' } = engine.sandboxes.inspect('running');
  await engine.sandboxes.remove('running', { force: true });
  await expectReadable('stopped');
  const of = async (): Promise<string[]> =>
    (await engine.images.usage()).images.map(({ digest }) => digest);
  expect(await of()).toContain(imageDigest);
  await engine.sandboxes.remove('stopped', { force: true });
  expect(await of()).not.toContain(imageDigest);
  // It comes back by itself, and so it stays.
  expect((await engine.images.list()).map((image) => image.reference)).toEqual(['skerry/starter']);
  await home.close();
  engine = await home.open();
  expect((await engine.images.prune({ all: true })).freedBytes).toBe(0);
}, 600_000);
