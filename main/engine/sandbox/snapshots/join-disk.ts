/** A disk of many files becomes one of a single file, before it is used again. */
import { removeStrayFiles } from '../../snapshot/chain-files.ts';
import { deepChain } from '../../snapshot/disk-chain.ts';
import { flattenChain } from '../../snapshot/flatten-chain.ts';
import { belowDisk, diskOf } from '../disk-of-record.ts';
import type { OperationProgress } from '../operation-tracker.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import { withDisk } from './record-disk.ts';

/**
 * Of a sandbox without a machine. What fails or is cancelled leaves the disk as it was.
 * @param dir the sandbox's folder
 * @param save writes the record that names the new disk
 * @returns the record as it is then
 * @throws AppError `store/no-space`, `operation/cancelled`
 */
export async function joinDeepDisk(
  record: SandboxRecord,
  dir: string,
  save: (record: SandboxRecord) => Promise<void>,
  progress: OperationProgress,
): Promise<SandboxRecord> {
  const chain = diskOf(record);
  if (chain === undefined || chain.length < deepChain) return record;
  const flat = await flattenChain(dir, chain, dir, {
    signal: progress.signal,
    below: belowDisk(record.root, chain),
    onProgress: (done) => {
      progress.update('boot', { note: `joining the disk, ${String(Math.floor(done * 100))} %` });
    },
  });
  const joined = withDisk(record, [flat]);
  try {
    await save(joined);
  } catch (error) {
    await removeStrayFiles(dir, chain);
    throw error;
  }
  await removeStrayFiles(dir, [flat]);
  return joined;
}
