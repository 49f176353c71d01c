/**
 * A machine that was saved: a folder with its `state`, memory included, and `saved.json`, which is
 * written last. A folder without it is none.
 */
import { lstat, mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { beginningSchema } from '../../../contract/sandbox.ts';
import { AppError, toErrorData } from '../../base/app-error.ts';
import { syncDirectory, writeFileAtomic } from '../../base/atomic-file.ts';
import type { Vm } from '../../vm/driver.ts';
import { machineShapeSchema, type MachineShape } from './machine-shape.ts';

/** What is said of a saved machine, beside its state; written last. */
export const manifestFile = 'saved.json';
const stateFile = 'state';
const maxManifestBytes = 256 * 1024;
/** Two measurements of one time-stamp counter differ by less; parts of a million. */
const tscTolerancePpm = 500;

const fileFactsSchema = z.strictObject({
  path: z.string().max(4096),
  bytes: z.number().nonnegative(),
  mtimeMs: z.number(),
});

/** A file that must not change while the machine is only saved. */
export type FileFacts = z.infer<typeof fileFactsSchema>;

/** `saved.json`. */
export const savedMachineSchema = z.strictObject({
  version: z.literal(1),
  savedAtMs: z.number(),
  /** Of `state`. */
  stateBytes: z.int().positive(),
  /** How the run began that was saved. */
  beganBy: beginningSchema,
  machine: machineShapeSchema,
  /** Files outside of the sandbox's folder that it writes. */
  files: z.array(fileFactsSchema).max(64),
});

/** See {@link savedMachineSchema}. */
export type SavedMachine = z.infer<typeof savedMachineSchema>;

/** What is needed of a machine to save it. */
export interface SavableMachine {
  readonly vm: Vm;
  /** Its processes are held, and its processors stand still; or it goes on as before. */
  pause(): Promise<void>;
  /** It goes on, and is told the time. */
  resume(): Promise<void>;
}

/** How a machine is saved. */
export interface SaveOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Files that must not change from now on; absolute. */
  readonly files?: readonly string[];
  /** When it stands still, and before it is saved: what is on its disks belongs to the state then. */
  readonly whilePaused?: () => Promise<void>;
}

/** Where the state of a machine is that was saved into this folder. */
export function statePathOf(folder: string): string {
  return path.join(folder, stateFile);
}

/**
 * Saves a machine into a folder, which is made; what was there is removed. It is paused then,
 * whether it was before or not, and the agent's connection stays as it is. Whatever fails or is
 * cancelled leaves no folder, and the machine as it was.
 * @throws AppError `vm/save-failed`, `store/no-space`, `operation/cancelled`
 */
export async function saveMachine(
  machine: SavableMachine,
  about: Pick<SavedMachine, 'machine' | 'beganBy'>,
  folder: string,
  options: SaveOptions = {},
): Promise<SavedMachine> {
  const { vm } = machine;
  const { signal, onProgress } = options;
  const wasPaused = vm.isPaused;
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!wasPaused) {
      await machine.pause();
      signal?.throwIfAborted();
    }
    await options.whilePaused?.();
    signal?.throwIfAborted();
    await vm.save(statePathOf(folder), { signal, onProgress });
    const saved: SavedMachine = {
      version: 1,
      savedAtMs: Date.now(),
      stateBytes: (await stat(statePathOf(folder))).size,
      ...about,
      files: await Promise.all((options.files ?? []).map(factsOf)),
    };
    await writeFileAtomic(
      path.join(folder, manifestFile),
      `${JSON.stringify(savedMachineSchema.parse(saved), null, 2)}\n`,
    );
    await syncDirectory(path.dirname(folder));
    return saved;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!wasPaused) await goOnAfterAll(machine);
    throw error;
  }
}

/** Of a machine that was to be saved and was not: it goes on, unless it has ended itself. */
export async function goOnAfterAll(machine: SavableMachine): Promise<void> {
  if (machine.vm.isPaused) await machine.resume().catch(() => undefined);
}

/**
 * What a folder has.
 * @throws AppError `suspend/unusable` where it has none that this version reads
 */
export async function readSavedMachine(folder: string): Promise<SavedMachine> {
  try {
    await using file = await open(path.join(folder, manifestFile), 'r');
    const { size } = await file.stat();
    if (size > maxManifestBytes) throw new Error(`${manifestFile} is larger than it can be.`);
    const saved = savedMachineSchema.parse(JSON.parse(await file.readFile('utf8')));
    const state = await lstat(statePathOf(folder));
    if (!state.isFile() || state.size !== saved.stateBytes) {
      throw new Error(
        `"${stateFile}" has ${String(state.size)} bytes, not ${String(saved.stateBytes)}.`,
      );
    }
    return saved;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : toErrorData(error).message;
    throw new AppError('suspend/unusable', `${folder} has no machine that can go on: ${why}`, {
      cause: error,
    });
  }
}

/** What this host would start a machine with now. */
export type PresentHost = Pick<
  MachineShape,
  'driverVersion' | 'hostCpu' | 'assetsKey' | 'agentProtocol' | 'kernelArguments'
> & {
  /** What it would run on. */
  readonly accelerator: MachineShape['accelerator'];
};

/** Why a saved machine cannot go on here, in words for a person; undefined where it can. Pure. */
export function whyUnusable({ machine }: SavedMachine, now: PresentHost): string | undefined {
  if (machine.driverVersion !== now.driverVersion) {
    return `It was saved by QEMU ${machine.driverVersion}, and this is ${now.driverVersion}.`;
  }
  if (machine.accelerator !== now.accelerator) {
    return `It ran on ${machine.accelerator}, and sandboxes run on ${now.accelerator} now.`;
  }
  if (machine.hostCpu !== now.hostCpu) {
    return `It ran on the processor "${machine.hostCpu ?? '?'}", and this is "${now.hostCpu ?? '?'}".`;
  }
  if (machine.assetsKey !== now.assetsKey) {
    return 'Its kernel and its agent are of another version of Skerry.';
  }
  if (machine.agentProtocol !== now.agentProtocol) {
    return 'Its agent speaks another version of the protocol.';
  }
  const before = tscRateKHz(machine.kernelArguments);
  const after = tscRateKHz(now.kernelArguments);
  if (before === undefined || after === undefined) return undefined;
  if (Math.abs(after - before) * 1_000_000 <= before * tscTolerancePpm) return undefined;
  return `The time-stamp counter ran at ${String(before)} kHz, and runs at ${String(after)} kHz here.`;
}

/** Why files that it writes are not as they were; undefined where they are. */
export async function changedFile({
  files,
}: Pick<SavedMachine, 'files'>): Promise<string | undefined> {
  for (const before of files) {
    const now = await factsOf(before.path).catch(() => undefined);
    if (now === undefined) return `${before.path} is not there any more.`;
    if (now.bytes !== before.bytes || now.mtimeMs !== before.mtimeMs) {
      return `${before.path} was changed since.`;
    }
  }
  return undefined;
}

async function factsOf(file: string): Promise<FileFacts> {
  const { size, mtimeMs } = await stat(file);
  return { path: file, bytes: size, mtimeMs };
}

function tscRateKHz(kernelArguments: readonly string[]): number | undefined {
  const word = kernelArguments.find((argument) => argument.startsWith('tsc_early_khz='));
  return word === undefined ? undefined : Number(word.slice(word.indexOf('=') + 1));
}
