/**
 * A program for a mount namespace of its own: a store on a small filesystem that is filled by
 * somebody else at a step of a pull. Arguments: directory to mount on, reference that is there
 * before, reference to pull, step. Prints what came of it as JSON.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAppError } from '../base/app-error.ts';
import { silentLogger } from '../base/logger.ts';
import { ImageLibrary } from '../image/image-library.ts';
import { ImageUpkeep } from '../image/upkeep/image-upkeep.ts';
import type { PullProgress } from '../image/types.ts';
import { runTool } from './run-tool.ts';

/** What is printed. */
export interface FullDiskResult {
  /** Code of the error of the pull, or `none`. */
  readonly code: string;
  readonly message: string;
  /** Whether what was there before is there still, while the disk is full. */
  readonly keepsOther: boolean;
  readonly unfinished: readonly string[];
  /** Findings of checks: with the disk full, when there is room again, and after the next pull. */
  readonly findings: readonly (readonly unknown[])[];
  readonly pulledDigest: string;
  /** Names that a prune took when the disk was full once more, and what was listed then. */
  readonly pruned: readonly string[];
  readonly listed: readonly string[];
}

const [mountPoint = '', before = '', reference = '', step = ''] = process.argv.slice(2);
const dir = join(mountPoint, 'store');
const filler = join(mountPoint, 'filler');

function fillDisk(): void {
  const file = openSync(filler, 'w');
  try {
    for (const size of [1024 * 1024, 4096]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size, 'x'));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

const stepOf = (progress: PullProgress): string =>
  progress.type === 'layer'
    ? progress.phase
    : `${progress.type} ${'phase' in progress ? progress.phase : ''}`.trim();

await runTool('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', mountPoint]);
const library = await ImageLibrary.open({ dir, logger: silentLogger });
const check = async (): Promise<readonly unknown[]> => {
  const signal = new AbortController().signal;
  return (await library.check({ mend: false, signal, sandboxes: () => [] })).findings;
};
await library.pull(before);

const steps: string[] = [];
let code = 'none';
let message = '';
try {
  await library.pull(reference, {
    onProgress: (progress) => {
      if (steps.includes(step)) return;
      steps.push(stepOf(progress));
      if (steps.includes(step)) fillDisk();
    },
  });
} catch (error) {
  code = isAppError(error) ? error.code : 'not an AppError';
  message = String(error);
}
if (!steps.includes(step)) throw new Error(`No step was ${step}.`);
const keepsOther = (await library.get(before)) !== undefined;
const unfinished = await readdir(join(dir, 'unfinished'));
rmSync(filler);
const findings = [await check()];
const { digest: pulledDigest } = await library.pull(reference);
findings.push(await check());
const surroundings = {
  pins: () => ({ users: new Map<string, string[]>(), others: new Set<string>() }),
  kept: new Set<string>(),
  logger: silentLogger,
};
const upkeep = await ImageUpkeep.open(library, surroundings);
fillDisk();
const { references: pruned } = await upkeep.prune({ all: true, isPreview: false });
await library.close();
const reopened = await ImageLibrary.open({ dir, logger: silentLogger });
const listed = reopened.store.references.entries().map(([name]) => name);
await reopened.close();
const result: FullDiskResult = {
  ...{ code, message, keepsOther, unfinished, findings, pulledDigest, pruned, listed },
};
process.stdout.write(JSON.stringify(result));
