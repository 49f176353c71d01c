/** Runs docker, podman or buildah as a part of an operation. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageProgram } from '../../../contract/image-transfer.ts';
import { AppError } from '../../base/app-error.ts';
import { runProcessGroup } from '../../host/process-group.ts';
import { saveCommand } from './program-arguments.ts';

/** A program that was found. */
export interface ChosenProgram {
  readonly program: ImageProgram;
  readonly path: string;
}

/** Options of {@link runProgram}. */
export interface RunProgramOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Hears what it says, as plain text. */
  readonly onOutput: (text: string) => void;
  readonly stdout?: number;
}

/** Characters of its output that an error tells. */
const maxTail = 4096;

/**
 * Runs the program to its end, however long it takes.
 * @throws AppError `image/program-failed` with `outputTail` in its details, `operation/cancelled`
 */
export async function runProgram(
  { program, path }: ChosenProgram,
  args: readonly string[],
  options: RunProgramOptions,
): Promise<void> {
  let tail = '';
  const onOutput = (text: string): void => {
    tail = (tail + text).slice(-maxTail);
    options.onOutput(text);
  };
  const exitCode = await runProcessGroup(path, args, { ...options, onOutput });
  if (exitCode === 0) return;
  const how =
    exitCode === undefined ? 'was killed' : `ended with the exit code ${String(exitCode)}`;
  const words = tail.trim().split('\n').at(-1) ?? '';
  const message = `${program} ${args[0] ?? ''} ${how}${words === '' ? '.' : `: ${words.slice(0, 500)}`}`;
  throw new AppError('image/program-failed', message, {
    details: { program, ...(exitCode !== undefined && { exitCode }), outputTail: tail },
  });
}

/** An archive of one image. */
export interface SavedImage {
  readonly file: string;
  readonly isNamed: boolean;
}

/**
 * Has the program write an image to a file of the directory.
 * @throws AppError `image/program-failed`, `operation/cancelled`
 */
export async function saveImage(
  chosen: ChosenProgram,
  reference: string,
  options: RunProgramOptions,
): Promise<SavedImage> {
  const fileName = savedFileName;
  const { args, isOnStdout, isNamed } = saveCommand(chosen.program, reference, fileName);
  const file = join(options.cwd, fileName);
  if (!isOnStdout) {
    await runProgram(chosen, args, options);
    return { file, isNamed };
  }
  const handle = await open(file, 'wx', 0o600);
  try {
    await runProgram(chosen, args, { ...options, stdout: handle.fd });
  } finally {
    await handle.close();
  }
  return { file, isNamed };
}

/** Name of the file that {@link saveImage} writes, for who watches it grow. */
export const savedFileName = 'image.tar';
