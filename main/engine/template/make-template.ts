/** Boots a machine of a shape up to where its agent waits, and saves it. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { AppError } from '../base/app-error.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { Vm, VmDriver, VmSpec } from '../vm/driver.ts';
import { templateMachine, type TemplateShape } from './template-shape.ts';
import type { TemplateStore } from './template-store.ts';

/** What making a template needs. */
export interface TemplateMaking {
  readonly driver: VmDriver;
  readonly store: TemplateStore;
  readonly assets: GuestAssets;
  /** For the sockets and logs of its machine, which is one at a time; made and removed. */
  readonly runtimeDir: string;
  /** A directory without files, for shared directories that are not there. */
  readonly emptyDir: string;
  readonly signal: AbortSignal;
}

const id = 'template';
/** An emulated guest on a busy host boots in some ten seconds. */
const longestMs = 180_000;

/**
 * Makes the template of a shape and puts it into the store. What fails or is cancelled leaves
 * nothing.
 * @throws AppError `vm/…`, `store/no-space`, `operation/cancelled`
 */
export async function makeTemplate(shape: TemplateShape, making: TemplateMaking): Promise<void> {
  const { driver, store, assets, runtimeDir, emptyDir } = making;
  const signal = AbortSignal.any([making.signal, AbortSignal.timeout(longestMs)]);
  const files = await store.begin();
  let vm: Vm | undefined;
  try {
    await rm(runtimeDir, { recursive: true, force: true });
    await mkdir(runtimeDir, { recursive: true, mode: 0o700 });
    await mkdir(emptyDir, { recursive: true, mode: 0o700 });
    vm = await driver.start(
      {
        ...templateMachine(shape, assets, emptyDir),
        ...machineFiles(runtimeDir),
        memoryPath: files.memoryPath,
      },
      { signal },
    );
    await makeRoomForOthers(vm.pid);
    const { exited } = vm;
    await Promise.race([
      vm.agentPortOpened(signal),
      exited.then(({ detail }) => {
        throw new AppError('vm/crashed', `The machine of a template ended early: ${detail}`);
      }),
    ]);
    await vm.pause();
    await vm.save(files.statePath, { signal });
    await vm.kill();
    await files.publish(shape);
  } catch (error) {
    await vm?.kill();
    await files.discard();
    throw error;
  } finally {
    await rm(runtimeDir, { recursive: true, force: true });
  }
}

/** Ends the machine of a template that an earlier host process has left in the middle. */
export async function endLeftTemplate(driver: VmDriver, runtimeDir: string): Promise<void> {
  const left = await driver.reattach(machineFiles(runtimeDir));
  await left?.kill();
  await rm(runtimeDir, { recursive: true, force: true });
}

function machineFiles(
  runtimeDir: string,
): Pick<VmSpec, 'id' | 'runtimeDir' | 'consoleLogPath' | 'monitorLogPath'> {
  return {
    id,
    runtimeDir,
    consoleLogPath: path.join(runtimeDir, 'console.log'),
    monitorLogPath: path.join(runtimeDir, 'monitor.log'),
  };
}

/** Every thread by itself: on Linux a process has no priority of its own. */
async function makeRoomForOthers(pid: number): Promise<void> {
  const threads = await readdir(`/proc/${String(pid)}/task`).catch(() => [String(pid)]);
  for (const thread of threads) {
    try {
      setPriority(Number(thread), constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended; or the system does not allow it, and the machine is as urgent as others.
    }
  }
}
