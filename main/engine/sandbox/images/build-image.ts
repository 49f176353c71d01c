/** Builds an image with a program of the user's and brings it into the store. */
import { familiarReference } from '../../../contract/image-reference.ts';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { imageInputs } from '../../../contract/image-inputs.ts';
import type { Operation } from '../../../contract/operation.ts';
import { AppError } from '../../base/app-error.ts';
import { runProcessGroup } from '../../host/process-group.ts';
import type { ImageLibrary } from '../../image/image-library.ts';
import { chooseProgram } from '../../image/program/find-programs.ts';
import { buildArguments, removeArguments } from '../../image/program/program-arguments.ts';
import { runProgram, type ChosenProgram } from '../../image/program/run-program.ts';
import { absolutePath, importFile } from './import-image.ts';
import { importStages } from './import-stages.ts';
import type { OperationProgress, OperationTracker } from '../operation-tracker.ts';
import { saveStage, saveWithProgress } from './save-stage.ts';

type BuildInput = z.input<typeof imageInputs.build>;

/** Podman and buildah look for the first before the second; docker is told. */
const usualFiles = ['Containerfile', 'Dockerfile'];

const removeTimeoutMs = 20_000;

/**
 * Builds as an operation whose output is the program's.
 * @throws AppError `image/program-missing`, `image/path-unusable`
 */
export async function buildImage(
  request: BuildInput,
  library: ImageLibrary,
  operations: OperationTracker,
): Promise<Operation> {
  const chosen = await chooseProgram(request.program);
  const context = absolutePath(request.context);
  await checkContext(context);
  const file = await chooseFile(context, request.file);
  const stages = [
    { key: 'build', label: `Build with ${chosen.program}` },
    saveStage(chosen),
    ...importStages,
  ];
  return operations.start('build', familiarReference(request.tag), stages, async (progress) => {
    // A name that nobody else has: the user's own tags in that program are left alone.
    const tag = `localhost/skerry-build:${randomUUID()}`;
    const { target, buildArgs = {}, noCache = false } = request;
    const args = buildArguments({ context, file, tag, target, buildArgs, noCache });
    try {
      await build(chosen, args, context, progress);
      await using directory = await library.transfer.makeTemporaryDirectory();
      const saved = await saveWithProgress(chosen, tag, directory.path, progress);
      await importFile(saved.file, request.tag, library, progress);
    } finally {
      await removeBuilt(chosen, tag);
    }
  });
}

async function build(
  chosen: ChosenProgram,
  args: readonly string[],
  cwd: string,
  progress: OperationProgress,
): Promise<void> {
  progress.begin('build');
  const onOutput = (text: string): void => {
    progress.output(text);
  };
  await runProgram(chosen, args, { cwd, signal: progress.signal, onOutput });
  progress.finish('build');
}

/** The name may not be there, where the build failed; then there is nothing to remove. */
async function removeBuilt({ program, path: command }: ChosenProgram, tag: string): Promise<void> {
  await runProcessGroup(command, removeArguments(program, tag), {
    cwd: '/',
    signal: AbortSignal.timeout(removeTimeoutMs),
    onOutput: () => undefined,
  }).catch(() => undefined);
}

async function checkContext(context: string): Promise<void> {
  const found = await stat(context).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  const problem = found === undefined ? 'is not there' : 'is not a directory';
  throw new AppError('image/path-unusable', `"${context}" ${problem}.`, {
    hint: 'Name the directory with the files that the image is built from.',
  });
}

async function chooseFile(context: string, named: string | undefined): Promise<string> {
  const candidates = named === undefined ? usualFiles : [named];
  for (const candidate of candidates) {
    const file = path.resolve(context, candidate);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() === true) return file;
  }
  throw new AppError(
    'image/path-unusable',
    `"${context}" has no ${candidates.map((name) => `"${name}"`).join(' and no ')}.`,
    { hint: 'Write a Dockerfile, or name the file with the instructions.' },
  );
}
