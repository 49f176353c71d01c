/** Reads an archive, compressed or not, into a private directory, in one pass. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cancelledError } from '../../base/app-error.ts';
import { decompressor, isDecompressionError } from '../decompression.ts';
import { LayerProblem } from '../layer-problem.ts';
import { TarReader } from '../tar/reader.ts';
import { archiveInvalid } from './archive-error.ts';
import { archiveForm, formBytes } from './archive-form.ts';
import { archiveLimits } from './archive-limits.ts';
import { ArchiveSpool } from './archive-spool.ts';

/** Options of {@link readArchive}. */
export interface ReadArchiveOptions {
  /** Empty, private, and removed by the caller. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Bytes of the file. */
  readonly onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined;
}

const readBytes = 512 * 1024;

class EndOfArchive extends Error {}

/**
 * Takes the archive apart. @throws AppError `image/archive-invalid`, `store/no-space`,
 * `operation/cancelled`
 */
export async function readArchive(
  file: string,
  options: ReadArchiveOptions,
): Promise<ArchiveSpool> {
  const name = basename(file);
  const spool = new ArchiveSpool(name, options.dir);
  const tar = new TarReader(spool);
  try {
    await readTar(file, name, tar, spool, options);
    tar.finish();
    return spool;
  } catch (error) {
    if (options.signal.aborted) throw cancelledError(`The import of ${name}`);
    if (error instanceof LayerProblem) {
      throw archiveInvalid(name, `cannot be read: ${error.message.replace(/\.$/, '')}`, error);
    }
    if (isDecompressionError(error)) {
      throw archiveInvalid(name, 'cannot be decompressed: it is damaged or cut off', error);
    }
    throw error;
  } finally {
    await spool.close();
  }
}

async function readTar(
  file: string,
  name: string,
  tar: TarReader,
  spool: ArchiveSpool,
  { signal, onProgress }: ReadArchiveOptions,
): Promise<void> {
  const { form, sizeBytes } = await lookAt(file);
  if (form.kind === 'empty') throw archiveInvalid(name, 'is empty');
  if (form.kind === 'other') throw archiveInvalid(name, describeOther(form.seems));
  const source = createReadStream(file, { highWaterMark: readBytes });
  let tarBytes = 0;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      tarBytes += chunk.length;
      if (tarBytes > archiveLimits.bytes) {
        throw archiveInvalid(name, `has more than ${String(archiveLimits.bytes)} bytes`);
      }
      tar.push(chunk);
      await spool.drain();
      onProgress?.(source.bytesRead, sizeBytes);
      // What follows the end may be endless.
      if (tar.isEnded) throw new EndOfArchive();
    }
  };
  try {
    if (form.kind === 'tar') await pipeline(source, take, { signal });
    else await pipeline(source, decompressor(form.kind), take, { signal });
  } catch (error) {
    if (!(error instanceof EndOfArchive)) throw error;
  }
  onProgress?.(sizeBytes, sizeBytes);
}

function describeOther(seems: string | undefined): string {
  if (seems === undefined) return 'is no tar, and none that gzip or zstd compressed';
  return `seems to be compressed with ${seems}, which is not read; unpack it first`;
}

async function lookAt(
  file: string,
): Promise<{ form: ReturnType<typeof archiveForm>; sizeBytes: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(formBytes), 0, formBytes, 0);
    return { form: archiveForm(buffer.subarray(0, bytesRead)), sizeBytes: size };
  } finally {
    await handle.close();
  }
}
