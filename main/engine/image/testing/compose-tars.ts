/** Layers made into a disk within the test's own thread, to look at what comes of them. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readErofs, type ReadNode } from '../../erofs/testing/read-erofs.ts';
import type { LayerCompression } from '../../oci/image-source.ts';
import { composeRoot } from '../compose.ts';
import { openBlob, unpackLayer } from '../layer-unpack.ts';

/** A layer that was unpacked for a test. */
export interface UnpackedLayer {
  readonly dataPath: string;
  readonly indexPath: string;
}

/** Unpacks a blob below `dir`. The digest of its tar is that of `tar`, which is the blob by default. */
export async function unpackBlob(
  dir: string,
  blob: Uint8Array,
  options: { readonly compression?: LayerCompression; readonly tar?: Uint8Array } = {},
): Promise<UnpackedLayer> {
  const own = join(dir, randomUUID());
  await mkdir(own);
  const paths = { dataPath: join(own, 'data'), indexPath: join(own, 'index') };
  const blobPath = join(own, 'blob');
  await writeFile(blobPath, blob);
  const diffId = `sha256:${createHash('sha256')
    .update(options.tar ?? blob)
    .digest('hex')}`;
  const compression = options.compression ?? 'none';
  await unpackLayer({ compression, diffId, ...paths }, openBlob(blobPath), () => undefined);
  return paths;
}

/** The disk that the layers make, the lowest first: metadata, then their data. */
export async function composeDisk(dir: string, layers: readonly UnpackedLayer[]): Promise<Buffer> {
  const rootPath = join(dir, randomUUID());
  const indexPaths = layers.map(({ indexPath }) => indexPath);
  const root = composeRoot({ indexPaths, rootPath, uuid: new Uint8Array(16) });
  const parts = [await readFile(rootPath)];
  for (const [index, { dataPath }] of layers.entries()) {
    if ((root.dataBytes[index] ?? 0) > 0) parts.push(await readFile(dataPath));
  }
  return Buffer.concat(parts);
}

/** The tree that these tars make, the lowest first. Keys are paths; the root's is ''. */
export async function composeTars(
  dir: string,
  ...tars: readonly Uint8Array[]
): Promise<Map<string, ReadNode>> {
  const layers: UnpackedLayer[] = [];
  for (const tar of tars) layers.push(await unpackBlob(dir, tar));
  return readErofs(await composeDisk(dir, layers));
}
