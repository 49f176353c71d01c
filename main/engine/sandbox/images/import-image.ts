import type { z } from 'zod';
import type { imageInputs } from '../../../contract/image-inputs.ts';
import { familiarReference } from '../../../contract/image-reference.ts';
import type { Operation, Outcome } from '../../../contract/operation.ts';
import { AppError } from '../../base/app-error.ts';
import { expandLocalPath } from '../../config/local-files.ts';
import type { ImageLibrary } from '../../image/image-library.ts';
import type { PreparedImage } from '../../image/types.ts';
import { importStages, reportImport } from './import-stages.ts';
import type { OperationProgress, OperationTracker } from '../operation-tracker.ts';

/**
 * Imports an archive or an OCI layout as an operation.
 * @throws AppError `image/path-unusable` for a relative path
 */
export function importImage(
  { path, as }: z.input<typeof imageInputs.import>,
  library: ImageLibrary,
  operations: OperationTracker,
): Operation {
  const file = absolutePath(path);
  return operations.start('import', file, importStages, async (progress) => {
    await importFile(file, as, library, progress);
  });
}

/** Imports within an operation that has the stages of an import, and says what came. */
export async function importFile(
  file: string,
  as: string | undefined,
  library: ImageLibrary,
  progress: OperationProgress,
): Promise<void> {
  progress.begin('read');
  const images = await library.transfer.import(file, {
    as,
    signal: progress.signal,
    onProgress: reportImport(progress),
  });
  progress.finish('prepare');
  progress.bring(outcomeOf(images));
}

/** A path of a client made absolute. @throws AppError `image/path-unusable` for a relative one */
export function absolutePath(path: string): string {
  const absolute = expandLocalPath(path);
  if (absolute !== undefined) return absolute;
  throw new AppError('image/path-unusable', `"${path}" is relative; here a path must be absolute.`);
}

function outcomeOf(images: readonly PreparedImage[]): Outcome {
  const digests = new Set(images.map(({ digest }) => digest));
  const [digest] = digests;
  return {
    references: images.map(({ reference }) => familiarReference(reference)),
    ...(digest !== undefined && digests.size === 1 && { digest }),
  };
}
