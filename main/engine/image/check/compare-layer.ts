/** Holds an unpacked layer against its blob, writing nothing. Runs in a worker; see layer-worker.ts. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { LayerDataFile } from '../layer-data-file.ts';
import { LayerProblem } from '../layer-problem.ts';
import { readLayer, type BlobBytes, type LayerJob } from '../layer-unpack.ts';

const windowBytes = 1024 * 1024;

/**
 * Unpacks the layer in memory, piece by piece, and compares it with the files that are there.
 * @throws LayerProblem `store/corrupt` where they differ; what unpacking throws where the blob
 *   cannot be unpacked
 */
export async function compareLayer(
  job: LayerJob,
  blob: BlobBytes,
  onProgress: (blobBytes: number) => void,
): Promise<void> {
  const file = openSync(job.dataPath, 'r');
  try {
    const index = Buffer.concat(await readLayer(job, blob, comparedDataFile(file), onProgress));
    if (!index.equals(readFileSync(job.indexPath))) throw different('Its index has other entries.');
  } finally {
    closeSync(file);
  }
}

/** Throws at the first byte that is another one in the file. */
function comparedDataFile(file: number): LayerDataFile {
  const found = Buffer.allocUnsafe(windowBytes);
  const zeros = Buffer.alloc(windowBytes);
  let end = 0;
  const expect = (expected: Uint8Array, position: number): void => {
    const length = readSync(file, found, 0, expected.length, position);
    if (length === expected.length && found.subarray(0, length).equals(expected)) return;
    throw different(`Its data differs near byte ${String(position)}.`);
  };
  const expectZeros = (until: number): void => {
    while (end < until) {
      const length = Math.min(windowBytes, until - end);
      expect(zeros.subarray(0, length), end);
      end += length;
    }
  };
  return {
    write: (bytes, position) => {
      expectZeros(position);
      for (let at = 0; at < bytes.length; at += windowBytes) {
        expect(bytes.subarray(at, at + windowBytes), position + at);
      }
      end = position + bytes.length;
    },
    end: (length) => {
      expectZeros(length);
      if (fstatSync(file).size !== length) throw different('Its data has another length.');
    },
  };
}

function different(how: string): LayerProblem {
  return new LayerProblem('store/corrupt', how);
}
