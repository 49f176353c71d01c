import { familiarImageReference } from '../../../contract/image-reference.ts';
import type { Credential } from '../../../contract/registry.ts';
import type { Operation } from '../../../contract/operation.ts';
import { parseReference } from '../../image/parse-reference.ts';
import type { ImageProvider } from '../create-sandbox.ts';
import type { OperationTracker } from '../operation-tracker.ts';
import { reportPull, resolveStage, rootStage } from './pull-stages.ts';

/**
 * Pulls an image as an operation of its own; whoever asks for the same one meanwhile joins it,
 * unless with a credential of its own.
 * @throws AppError `image/reference-invalid`
 */
export function pullImage(
  reference: string,
  images: ImageProvider,
  operations: OperationTracker,
  credential?: Credential,
): Operation {
  const parsed = parseReference(reference);
  const underWay = operations.running('pull', reference);
  if (underWay !== undefined && credential === undefined) return underWay;
  return operations.start(
    'pull',
    reference,
    [resolveStage(reference), rootStage],
    async (progress) => {
      progress.begin('resolve');
      const { signal } = progress;
      const onProgress = reportPull(progress);
      const { digest } = await images.pull(reference, { credential, signal, onProgress });
      progress.finish('root');
      progress.bring({ references: [familiarImageReference(parsed)], digest });
    },
  );
}
