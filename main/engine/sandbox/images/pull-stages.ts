import type { PullProgress } from '../../image/types.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';

/** The stage in which a reference becomes a digest. */
export function resolveStage(reference: string): PlannedStage {
  return { key: 'resolve', label: `Resolve ${reference}` };
}

/** The stage in which an image's metadata is composed. */
export const rootStage: PlannedStage = { key: 'root', label: 'Prepare root' };

const layerKey = (digest: string): string => `layer:${digest}`;

/** Turns what a pull reports into stages of an operation that has `resolve` and `root`. */
export function reportPull(progress: OperationProgress): (step: PullProgress) => void {
  const begun = new Set<string>();
  const begin = (key: string): void => {
    if (begun.has(key)) return;
    begun.add(key);
    progress.begin(key);
  };
  return (step) => {
    switch (step.type) {
      case 'resolved': {
        progress.finish('resolve');
        const count = String(step.layers.length);
        const stages = step.layers.map((layer, index) => ({
          key: layerKey(layer.digest),
          label: `Pull layer ${String(index + 1)}/${count}`,
        }));
        progress.addAfter('resolve', unique(stages));
        for (const layer of step.layers) {
          progress.update(layerKey(layer.digest), { bytesTotal: layer.sizeBytes });
        }
        return;
      }
      case 'layer': {
        const key = layerKey(step.digest);
        if (step.phase === 'present') {
          progress.skip(key, 'in store');
          return;
        }
        begin(key);
        const { bytesDone, bytesTotal } = step;
        const note = step.phase === 'unpack' ? { note: 'unpacking' } : {};
        progress.update(key, { bytesDone, bytesTotal, ...note });
        if (step.phase === 'done') progress.finish(key, '');
        return;
      }
      case 'root':
        if (step.phase === 'start') begin('root');
        return;
    }
  };
}

/** An image may name one layer twice; it is pulled once and has one stage. */
function unique(stages: readonly PlannedStage[]): PlannedStage[] {
  return [...new Map(stages.map((stage) => [stage.key, stage])).values()];
}
