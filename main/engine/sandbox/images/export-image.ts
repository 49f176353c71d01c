import type { z } from 'zod';
import type { imageInputs } from '../../../contract/image-inputs.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { ImageLibrary } from '../../image/image-library.ts';
import { byteProgress } from '../byte-progress.ts';
import { absolutePath } from './import-image.ts';
import type { OperationTracker } from '../operation-tracker.ts';

/**
 * Writes images to an archive as an operation.
 * @throws AppError `image/path-unusable` for a relative path
 */
export function exportImage(
  request: z.input<typeof imageInputs.export>,
  library: ImageLibrary,
  operations: OperationTracker,
): Operation {
  const { references, format = 'oci', replace = false } = request;
  const path = absolutePath(request.path);
  const stages = [{ key: 'write', label: 'Write archive' }];
  return operations.start('export', path, stages, async (progress) => {
    progress.begin('write');
    const digests = await library.transfer.export(references, {
      ...{ path, format, replace },
      signal: progress.signal,
      onProgress: byteProgress(progress, 'write'),
    });
    progress.finish('write');
    const [digest] = digests;
    progress.bring({
      references,
      path,
      ...(digest !== undefined && digests.length === 1 && { digest }),
    });
  });
}
