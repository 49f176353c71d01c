import type { Operation } from '../../../contract/operation.ts';
import type { SandboxRoot } from '../../image/check/check-request.ts';
import type { ImageLibrary } from '../../image/image-library.ts';
import type { OperationTracker } from '../operation-tracker.ts';

const stages = [
  { key: 'blobs', label: 'Hash what was fetched' },
  { key: 'layers', label: 'Compare unpacked layers' },
  { key: 'roots', label: 'Compare roots' },
  { key: 'names', label: 'Look at references and sandboxes' },
  { key: 'leftovers', label: 'Look for leftovers' },
] as const;

/** Between two reports of bytes. */
const intervalMs = 100;

/** What {@link checkImages} works with. */
interface CheckTools {
  readonly library: Pick<ImageLibrary, 'check'>;
  readonly operations: OperationTracker;
  /** The sandboxes whose root is an image. */
  readonly sandboxRoots: () => readonly SandboxRoot[];
}

/** Checks the image store as an operation; whoever asks for the same meanwhile joins it. */
export function checkImages(mend: boolean, tools: CheckTools): Operation {
  const { library, operations, sandboxRoots } = tools;
  const subject = mend ? 'images, mending' : 'images';
  const underWay = operations.running('check', subject);
  if (underWay !== undefined) return underWay;
  return operations.start('check', subject, stages, async (progress) => {
    let lastAtMs = 0;
    const result = await library.check({
      mend,
      signal: progress.signal,
      sandboxes: sandboxRoots,
      onProgress: (step) => {
        if (step.type === 'begin') progress.begin(step.stage);
        if (step.type === 'finish') progress.finish(step.stage);
        if (step.type !== 'bytes') return;
        const nowMs = performance.now();
        if (nowMs - lastAtMs < intervalMs) return;
        lastAtMs = nowMs;
        const { bytesDone, bytesTotal } = step;
        progress.update(step.stage, { bytesDone, bytesTotal });
      },
    });
    progress.bring({ looked: result.looked, findings: [...result.findings] });
  });
}
