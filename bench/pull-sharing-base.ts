import { randomBytes } from 'node:crypto';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../main/engine/index.ts';
import { ImageLibrary } from '../main/engine/image/image-library.ts';
import type { CachedImage } from '../main/engine/testing/cached-image.ts';
import { makeLargeImage } from '../main/engine/testing/large-image.ts';
import { startMisbehavingRegistry } from '../main/engine/testing/misbehaving-registry.ts';
import { startRegistry, type TestRegistry } from '../main/engine/testing/registry.ts';
import { runTool } from '../main/engine/testing/run-tool.ts';
import { makeTemporaryDirectory } from '../main/engine/testing/temporary-directory.ts';
import { compare, figure, type Figure } from './statistics.ts';

/** An image of which all but a small layer is in the store, against pulling it into an empty one. */
export async function benchSharingBase(rounds: number): Promise<Figure[]> {
  await using registry = await startRegistry();
  const base = await makeLargeImage();
  await registry.push(base.dir, base.refName, 'bench/base:1');
  await pushOnTop(base, registry);
  const timed = async (host: string, hasBase: boolean): Promise<number> => {
    await using directory = await makeTemporaryDirectory();
    const library = await ImageLibrary.open({ dir: directory.path, logger: silentLogger });
    try {
      if (hasBase) await library.pull(`${registry.host}/bench/base:1`);
      const startedAtMs = performance.now();
      await library.pull(`${host}/bench/top:1`);
      return (performance.now() - startedAtMs) / 1000;
    } finally {
      await library.close();
    }
  };
  const against = 'pulling it into an empty store';
  const time = await compare(
    { name: 'pull-sharing-base', unit: 's', against },
    rounds,
    () => timed(registry.host, true),
    () => timed(registry.host, false),
  );
  const fetchedMiB = async (hasBase: boolean): Promise<number> => {
    await using proxy = await startMisbehavingRegistry(registry.host);
    await timed(proxy.host, hasBase);
    return proxy.sentBytes(/./) / 1024 ** 2;
  };
  const fetched = { name: 'pull-sharing-base-fetched', unit: 'MiB', against } as const;
  return [time, figure(fetched, await fetchedMiB(true), await fetchedMiB(false))];
}

/** Pushes the base with one more layer; its own are in the registry already. */
async function pushOnTop(base: CachedImage, registry: TestRegistry): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const layout = join(directory.path, 'layout');
  await cp(base.dir, layout, { recursive: true });
  const added = join(directory.path, 'added');
  await writeFile(added, randomBytes(200_000));
  const image = `${layout}:${base.refName}`;
  await runTool('umoci', ['insert', '--image', image, '--tag', 'top', added, '/srv/added']);
  await registry.push(layout, 'top', 'bench/top:1');
}
