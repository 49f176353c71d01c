/** Composes the root of an image from its unpacked layers. Runs in a worker; see layer-worker.ts. */
import { closeSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { blockBytes } from '../erofs/format/block.ts';
import { writeErofs } from '../erofs/writer.ts';
import { LayerProblem, unsupportedLayer } from './layer-problem.ts';
import { parseLayerIndex } from './layer-index.ts';
import { limits } from './limits.ts';
import { checkTreeSize, MergedTree } from './merged-tree.ts';

/** A root to compose. */
export interface ComposeJob {
  /** Indexes of the layers, the lowest first. */
  readonly indexPaths: readonly string[];
  /** 16 bytes, the same for the same image. */
  readonly uuid: Uint8Array;
  /** File to make; it must not exist. */
  readonly rootPath: string;
}

/** What was composed. */
export interface ComposedRoot {
  readonly metadataBytes: number;
  /** Length of each layer's data, in the order of the job; 0 for one that comes twice. */
  readonly dataBytes: readonly number[];
}

/**
 * Merges the layers and writes the metadata. The data of the layers follows it on the disk, in
 * their order; a layer that comes twice is there once.
 * @throws LayerProblem
 */
export function composeRoot(job: ComposeJob): ComposedRoot {
  const tree = new MergedTree();
  const places = new Map<string, number>();
  const dataBytes: number[] = [];
  let dataBlocks = 0;
  for (const indexPath of job.indexPaths) {
    const index = parseLayerIndex(readIndex(indexPath));
    const known = places.get(indexPath);
    tree.beginLayer(known ?? dataBlocks);
    for (const entry of index.entries) tree.apply(entry);
    dataBytes.push(known === undefined ? index.dataBlocks * blockBytes : 0);
    if (known !== undefined) continue;
    places.set(indexPath, dataBlocks);
    dataBlocks += index.dataBlocks;
  }
  checkTreeSize(tree.root, limits.layerEntries);
  return { metadataBytes: writeMetadata(job, tree, dataBlocks), dataBytes };
}

function readIndex(path: string): Buffer {
  if (statSync(path).size > 2 * limits.indexBytes) {
    throw new LayerProblem('store/corrupt', 'The index of an unpacked layer is too long.');
  }
  return readFileSync(path);
}

function writeMetadata(job: ComposeJob, tree: MergedTree, dataBlocks: number): number {
  const file = openSync(job.rootPath, 'wx', 0o600);
  try {
    let written = 0;
    const { metadataBytes } = writeErofs(tree.root, { dataBlocks, uuid: job.uuid }, (bytes) => {
      if (written + bytes.length > limits.metadataBytes) {
        throw unsupportedLayer(
          `The tree of the image takes more than ${String(limits.metadataBytes)} bytes.`,
        );
      }
      for (let done = 0; done < bytes.length;) {
        done += writeSync(file, bytes, done, bytes.length - done, written + done);
      }
      written += bytes.length;
    });
    ftruncateSync(file, metadataBytes);
    return metadataBytes;
  } catch (error) {
    if (error instanceof RangeError) throw unsupportedLayer(error.message);
    throw error;
  } finally {
    closeSync(file);
  }
}
