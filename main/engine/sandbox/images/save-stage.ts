import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asDiskError } from '../../base/disk-error.ts';
import {
  savedFileName,
  saveImage,
  type ChosenProgram,
  type SavedImage,
} from '../../image/program/run-program.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';

/** The stage in which another program hands an image over. */
export function saveStage({ program }: Pick<ChosenProgram, 'program'>): PlannedStage {
  return { key: 'save', label: `Fetch from ${program}` };
}

const watchIntervalMs = 250;

/** Has the program write an image to a directory of ours; the stage shows how the file grows. */
export async function saveWithProgress(
  chosen: ChosenProgram,
  reference: string,
  directory: string,
  progress: OperationProgress,
): Promise<SavedImage> {
  progress.begin('save');
  const file = join(directory, savedFileName);
  const watch = async (): Promise<void> => {
    const size = await stat(file).then(
      ({ size: bytes }) => bytes,
      () => undefined,
    );
    if (size !== undefined) progress.update('save', { bytesDone: size });
  };
  const timer = setInterval(() => void watch(), watchIntervalMs);
  try {
    const saved = await saveImage(chosen, reference, {
      cwd: directory,
      signal: progress.signal,
      onOutput: (text) => {
        progress.output(text);
      },
    });
    progress.finish('save');
    return saved;
  } catch (error) {
    throw asDiskError(error, file);
  } finally {
    clearInterval(timer);
  }
}
