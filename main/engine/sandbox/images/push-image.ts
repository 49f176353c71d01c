import { familiarImageReference } from '../../../contract/image-reference.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { Credential } from '../../../contract/registry.ts';
import type { ImagePushes } from '../../image/image-pushes.ts';
import { parseReference } from '../../image/parse-reference.ts';
import type { Descriptor } from '../../oci/image-source.ts';
import type { PushProgress } from '../../oci/registry/push-image.ts';
import type { OperationProgress, OperationTracker, PlannedStage } from '../operation-tracker.ts';

/** What is pushed, and as whom. */
export interface PushRequest {
  readonly reference: string;
  /** The name in the registry, where it is another one. */
  readonly as?: string | undefined;
  readonly credential?: Credential | undefined;
}

const manifestStage: PlannedStage = { key: 'manifest', label: 'Push manifest' };

/**
 * Pushes an image as an operation of its own.
 * @throws AppError `image/reference-invalid`
 */
export function pushImage(
  { reference, as = reference, credential }: PushRequest,
  images: Pick<ImagePushes, 'push'>,
  operations: OperationTracker,
): Operation {
  const subject = familiarImageReference(parseReference(as));
  const stages = [{ key: 'look', label: `Look for ${reference}` }, manifestStage];
  return operations.start('push', subject, stages, async (progress) => {
    progress.begin('look');
    const { signal } = progress;
    const onProgress = reportPush(progress);
    const digest = await images.push(reference, as, { credential, signal, onProgress });
    progress.bring({ references: [subject], digest });
  });
}

const keyOf = (digest: string): string => `blob:${digest}`;

function reportPush(progress: OperationProgress): (step: PushProgress) => void {
  return (step) => {
    switch (step.type) {
      case 'planned': {
        progress.finish('look');
        progress.addAfter('look', blobStages(step.blobs));
        for (const { digest, size } of step.blobs) {
          progress.update(keyOf(digest), { bytesTotal: size });
        }
        return;
      }
      case 'begin': {
        progress.begin(keyOf(step.digest));
        return;
      }
      case 'sent': {
        progress.update(keyOf(step.digest), { bytesDone: step.bytesDone });
        return;
      }
      case 'end': {
        const key = keyOf(step.digest);
        if (step.how === 'uploaded') progress.finish(key);
        else
          progress.skip(key, step.how === 'exists' ? 'there already' : `mounted from ${step.from}`);
        return;
      }
      case 'manifest': {
        if (step.phase === 'start') progress.begin('manifest');
        else progress.finish('manifest');
      }
    }
  };
}

/** The configuration is the last of the blobs. */
function blobStages(blobs: readonly Descriptor[]): PlannedStage[] {
  const layers = String(blobs.length - 1);
  return blobs.map(({ digest }, index) => ({
    key: keyOf(digest),
    label:
      index === blobs.length - 1
        ? 'Push configuration'
        : `Push layer ${String(index + 1)}/${layers}`,
  }));
}
