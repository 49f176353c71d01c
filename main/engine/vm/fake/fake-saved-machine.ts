/**
 * How the FakeDriver saves machines and goes on from them: as real files that say what the machine
 * was, so that a wrong, a damaged and a missing one fail as they do with a real driver.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AppError, cancelledError, isAppError } from '../../base/app-error.ts';
import { systemErrorCode } from '../../base/disk-error.ts';
import { writeNewFile } from '../../base/new-file.ts';
import type { Vm, VmSpec } from '../driver.ts';
import type { FakeMachine } from './fake-machine.ts';

const stateSchema = z.strictObject({
  format: z.literal('fake-machine'),
  shape: z.unknown(),
  /** What its guest remembers; in the file of its memory where it has one. */
  memory: z.string().optional(),
});

const memorySchema = z.strictObject({ format: z.literal('fake-memory'), memory: z.string() });

/** Makes the file that the spec wants its memory in. */
export async function keepFakeMemory(machine: FakeMachine): Promise<void> {
  const { memoryPath } = machine.spec;
  if (memoryPath === undefined) return;
  await writeFile(memoryPath, memoryText(machine), { mode: 0o600 }).catch((cause: unknown) => {
    throw new AppError('vm/start-failed', `${memoryPath} cannot be made.`, { cause });
  });
}

/** See `Vm.save`. */
export async function saveFakeMachine(
  machine: FakeMachine,
  statePath: string,
  { signal, onProgress }: NonNullable<Parameters<Vm['save']>[1]>,
): Promise<void> {
  const { spec } = machine;
  if (!machine.isPaused) throw new AppError('vm/save-failed', 'The machine is not paused.');
  if (spec.shares?.transport === 'virtiofs') {
    throw new AppError('vm/save-failed', 'The machine has directories by virtiofs.');
  }
  const inState = spec.memoryPath === undefined ? { memory: machine.memory } : {};
  const text = JSON.stringify({ format: 'fake-machine', shape: shapeOf(spec), ...inState });
  try {
    if (spec.memoryPath !== undefined) await writeFile(spec.memoryPath, memoryText(machine));
    await writeNewFile(statePath, async (file) => {
      await file.writeFile(text);
      onProgress?.(text.length);
      if (signal?.aborted === true) throw cancelledError('Saving the machine');
      if (machine.hasEnded) throw new AppError('vm/save-failed', 'The machine has ended.');
    });
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    const why = systemErrorCode(cause) === 'EEXIST' ? 'is there already' : 'cannot be written';
    throw new AppError('vm/save-failed', `${statePath} ${why}.`, { cause });
  }
}

/** Gives a machine the memory that it goes on with. */
export async function restoreFakeMachine(machine: FakeMachine): Promise<void> {
  const { from } = machine.spec;
  if (from === undefined) return;
  try {
    const state = stateSchema.parse(JSON.parse(await readFile(from.statePath, 'utf8')));
    if (!isDeepStrictEqual(state.shape, shapeOf(machine.spec))) {
      throw new Error('It was saved of another machine.');
    }
    if ((state.memory === undefined) !== (from.memoryPath !== undefined)) {
      throw new Error('Its memory is not where it is said to be.');
    }
    machine.memory = state.memory ?? (await readMemory(from.memoryPath ?? ''));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('vm/restore-failed', `The machine cannot go on: ${why}`, { cause });
  }
}

async function readMemory(path: string): Promise<string> {
  return memorySchema.parse(JSON.parse(await readFile(path, 'utf8'))).memory;
}

function memoryText({ memory }: FakeMachine): string {
  return JSON.stringify({ format: 'fake-memory', memory });
}

/** What has to be the same in a machine that goes on from it. */
function shapeOf({ cpus, memoryMiB, accelerator, disks, shares, network }: VmSpec): unknown {
  return {
    ...{ cpus, memoryMiB, accelerator },
    disks: disks.map(({ serial }) => serial),
    shares: shares?.entries.map(({ name }) => name) ?? [],
    hasNetwork: network !== undefined,
  };
}
