import type { OperationProgress } from './operation-tracker.ts';

const intervalMs = 100;

/** Reports the bytes of a stage, ten times a second at most, and the last of them always. */
export function byteProgress(
  progress: OperationProgress,
  key: string,
): (bytesDone: number, bytesTotal?: number) => void {
  let lastAtMs = Number.NEGATIVE_INFINITY;
  return (bytesDone, bytesTotal) => {
    const nowMs = performance.now();
    if (bytesDone !== bytesTotal && nowMs - lastAtMs < intervalMs) return;
    lastAtMs = nowMs;
    progress.update(key, { bytesDone, ...(bytesTotal !== undefined && { bytesTotal }) });
  };
}
