/** Everything in the directory of an image store, opened once for whoever works on it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Leases } from '../base/leases.ts';
import { Limiter } from '../base/limiter.ts';
import { ContentStore } from '../oci/content-store.ts';
import { ReferenceIndex } from '../oci/reference-index.ts';
import { clearLeftovers } from './check/leftovers.ts';
import { ImageCatalog } from './upkeep/image-catalog.ts';
import { LayerStore } from './layer-store.ts';
import type { ImageStores } from './prepare-image.ts';
import { RootStore } from './root-store.ts';
import { Trash } from './upkeep/trash.ts';

/** See the head of this file. */
export interface OpenStore extends ImageStores {
  readonly dir: string;
  readonly references: ReferenceIndex;
  readonly catalog: ImageCatalog;
  readonly trash: Trash;
}

/** As many as other clients fetch: more wins little and looks like an attack to a registry. */
const parallelFetches = 4;

/**
 * Opens the store, and clears away what an interrupted process left.
 * @throws AppError `store/corrupt` where its list of images cannot be understood
 */
export async function openStore(dir: string): Promise<OpenStore> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const leases = new Leases();
  const trash = await Trash.open(dir);
  await clearLeftovers(dir);
  const content = await ContentStore.open(dir, leases);
  const layers = await LayerStore.open(dir, leases);
  const roots = await RootStore.open(dir, layers, leases);
  const references = await ReferenceIndex.open(join(dir, 'references.json'));
  const fetches = new Limiter(parallelFetches);
  const stores = { content, layers, roots, fetches, leases };
  return { dir, ...stores, references, catalog: new ImageCatalog(stores), trash };
}
