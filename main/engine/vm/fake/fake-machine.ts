import { stat } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { AppError } from '../../base/app-error.ts';
import type { OnConsole, VmDisk, VmDiskOverlay, VmExit, VmFileDisk, VmSpec } from '../driver.ts';

/** Above the largest pid of Linux, so that no process has it. */
let lastPid = 2 ** 22;

/** A machine of the FakeDriver from its own side. */
export class FakeMachine {
  readonly spec: VmSpec;
  readonly pid: number;
  readonly ended: Promise<VmExit>;
  hasEnded = false;
  /** The host's end of the port that is open. */
  port: Duplex | undefined;
  /** Whether a handle holds it, as one process at a time can. */
  isHeld = true;
  isPaused = false;
  /** When its guest has opened the agent's port. */
  booted: Promise<void> = Promise.resolve();
  /** Stands for all that its guest remembers; one that goes on from it has the same. */
  memory = '';
  /** Its disks as they are now. */
  disks: readonly VmDisk[];
  /** Who hears its console. */
  onConsole: OnConsole | undefined;
  #guestPort: Duplex | undefined;
  #resolve: (exit: VmExit) => void;

  constructor(spec: VmSpec) {
    this.spec = spec;
    this.disks = spec.disks;
    lastPid += 1;
    this.pid = lastPid;
    const { promise, resolve } = Promise.withResolvers<VmExit>();
    this.ended = promise;
    this.#resolve = resolve;
  }

  /** Says something on its console; nobody hears it while no handle holds it. */
  async say(text: string): Promise<void> {
    if (this.isHeld) await this.onConsole?.(Buffer.from(text));
  }

  /** What crosses the port of one that is paused waits. */
  setPort(host: Duplex, guest: Duplex): void {
    this.port = host;
    this.#guestPort = guest;
    if (this.isPaused) this.#holdPort();
  }

  setPaused(isPaused: boolean): void {
    if (this.isPaused === isPaused) return;
    this.isPaused = isPaused;
    if (isPaused) {
      this.#holdPort();
      return;
    }
    this.port?.uncork();
    this.#guestPort?.uncork();
  }

  /** See `Vm.switchDisks`. */
  async switchDisks(overlays: readonly VmDiskOverlay[]): Promise<void> {
    const switched = new Map<VmDisk, VmFileDisk>();
    for (const { serial, path } of overlays) {
      const disk = this.disks.find((each) => each.serial === serial);
      if (disk === undefined || disk.format === 'none' || disk.readOnly || switched.has(disk)) {
        throw new AppError('vm/save-failed', `The disk "${serial}" cannot be switched.`);
      }
      if (!(await isFile(path))) {
        throw new AppError('vm/save-failed', `There is no file ${path}.`);
      }
      const { path: top, format, backing = [] } = disk;
      const below = [{ path: top, format }, ...backing];
      switched.set(disk, { ...disk, path, format: 'qcow2', backing: below });
    }
    this.disks = this.disks.map((disk) => switched.get(disk) ?? disk);
  }

  /** Ends as if its process had died. */
  crash(detail = 'The fake machine crashed.'): void {
    this.end({ reason: 'crash', detail });
  }

  /** Ends as if the guest had powered off. */
  powerOff(): void {
    this.end({ reason: 'shutdown', detail: 'The guest asked for it.' });
  }

  end(exit: VmExit): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.port?.destroy();
    this.#resolve(exit);
  }

  #holdPort(): void {
    this.port?.cork();
    this.#guestPort?.cork();
  }
}

/** Every file that a machine has open for a disk. */
export function usedFiles(disk: VmDisk): { readonly path: string; readonly readOnly: boolean }[] {
  if (disk.format === 'none') return [];
  const below = (disk.backing ?? []).map(({ path }) => ({ path, readOnly: true }));
  return [{ path: disk.path, readOnly: disk.readOnly }, ...below];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
