import type { ImportProgress } from '../../image/transfer/import-images.ts';
import { byteProgress } from '../byte-progress.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';

/** The stages of an import; a build and an import from another program have some before them. */
export const importStages: readonly PlannedStage[] = [
  { key: 'read', label: 'Read images' },
  { key: 'prepare', label: 'Prepare images' },
];

/** Turns what an import reports into the stages above. */
export function reportImport(progress: OperationProgress): (step: ImportProgress) => void {
  const reportRead = byteProgress(progress, 'read');
  const unpacked = new Map<string, number>();
  return (step) => {
    switch (step.type) {
      case 'read':
        reportRead(step.bytesDone, step.bytesTotal);
        return;
      case 'images':
        progress.finish('read');
        progress.begin('prepare');
        progress.update('prepare', {
          bytesDone: 0,
          bytesTotal: step.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        });
        return;
      case 'layer': {
        // What has come is not unpacked yet.
        unpacked.set(step.digest, step.phase === 'download' ? 0 : step.bytesDone);
        const bytesDone = [...unpacked.values()].reduce((sum, bytes) => sum + bytes, 0);
        progress.update('prepare', { bytesDone });
        return;
      }
      case 'root':
      case 'resolved':
        return;
    }
  };
}
