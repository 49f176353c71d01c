/**
 * A driver that runs no machine, for fast tests of what stands on drivers. Machines live as long
 * as the driver object, so that a released one can be found again. Nothing here waits for time.
 */
import { duplexPair, type Duplex } from 'node:stream';
import { AppError, cancelledError } from '../../base/app-error.ts';
import type { Vm, VmCapabilities, VmDiskOverlay, VmDriver, VmExit, VmSpec } from '../driver.ts';
import { planVm } from '../plan.ts';
import { FakeMachine, usedFiles } from './fake-machine.ts';
import { keepFakeMemory, restoreFakeMachine, saveFakeMachine } from './fake-saved-machine.ts';

/** The script of a {@link FakeDriver}. */
export interface FakeDriverOptions {
  /** Is given the guest's end of each agent port that is opened. */
  readonly onAgentPort?: (port: Duplex, machine: FakeMachine) => void;
  /** Runs while a machine starts: what it awaits is the delay, what it throws the failure. */
  readonly onStart?: (spec: VmSpec) => Promise<void> | void;
  /** What it awaits is the boot of a guest, until it opens the agent's port. */
  readonly onBoot?: (machine: FakeMachine) => Promise<void> | void;
  /** What it awaits is the time before a machine is saved. */
  readonly onSave?: (machine: FakeMachine) => Promise<void> | void;
  /** What it awaits is the time before a machine quits. */
  readonly onQuit?: (machine: FakeMachine) => Promise<void> | void;
  /** Where the frames of each machine are said to be served; a machine that is none sends none. */
  readonly networkSocket?: () => string | undefined;
}

/** See the head of this file. */
export class FakeDriver implements VmDriver {
  readonly capabilities: VmCapabilities = {
    accelerators: ['tcg'],
    save: true,
    standby: false,
    reattach: true,
    shares: ['virtiofs', '9p'],
  };
  /** Every machine that was ever started, the latest last. */
  readonly specs: VmSpec[] = [];
  readonly #options: FakeDriverOptions;
  readonly #machines = new Map<string, FakeMachine>();

  constructor(options: FakeDriverOptions = {}) {
    this.#options = options;
  }

  /** Those that run. */
  get machines(): readonly FakeMachine[] {
    return [...this.#machines.values()].filter((machine) => !machine.hasEnded);
  }

  async start(spec: VmSpec, options: Parameters<VmDriver['start']>[1] = {}): Promise<Vm> {
    planVm(spec, 'x64');
    options.onPart?.({ key: 'qemu', label: 'Start nothing' });
    await unlessAborted('Starting the machine', options.signal, async () =>
      this.#options.onStart?.(spec),
    );
    this.#checkFree(spec);
    const machine = new FakeMachine(spec);
    machine.onConsole = options.onConsole;
    // Both are taken at once, so that nobody else can have them while files are read.
    this.#machines.set(spec.runtimeDir, machine);
    try {
      await restoreFakeMachine(machine);
      await keepFakeMemory(machine);
      if (spec.startsPaused === true) machine.setPaused(true);
      if (options.signal?.aborted === true) throw cancelledError('Starting the machine');
    } catch (error) {
      machine.end({ reason: 'killed', detail: 'It did not start.' });
      throw error;
    }
    this.specs.push(spec);
    machine.booted = Promise.resolve(this.#options.onBoot?.(machine));
    machine.booted.catch(() => undefined);
    return new FakeVm(machine, this.#options);
  }

  reattach(...[spec, options]: Parameters<VmDriver['reattach']>): Promise<Vm | undefined> {
    const machine = this.#machines.get(spec.runtimeDir);
    if (machine === undefined || machine.hasEnded || machine.spec.id !== spec.id) {
      return Promise.resolve(undefined);
    }
    if (machine.isHeld) {
      const message = 'The machine runs, but its monitor cannot be used.';
      return Promise.reject(new AppError('vm/start-failed', message));
    }
    machine.isHeld = true;
    machine.onConsole = options?.onConsole;
    return Promise.resolve(new FakeVm(machine, this.#options));
  }

  #checkFree(spec: VmSpec): void {
    const inUse = this.machines.flatMap((machine) => machine.disks.flatMap(usedFiles));
    for (const file of spec.disks.flatMap(usedFiles)) {
      const other = inUse.find(({ path }) => path === file.path);
      if (other === undefined || (other.readOnly && file.readOnly)) continue;
      throw new AppError('vm/start-failed', `Another machine uses the disk ${file.path}.`, {
        details: { disk: file.path },
      });
    }
    if (this.#machines.get(spec.runtimeDir)?.hasEnded === false) {
      throw new AppError('vm/start-failed', `A machine runs in ${spec.runtimeDir} already.`);
    }
  }
}

class FakeVm implements Vm {
  readonly pid: number;
  readonly accelerator: Vm['accelerator'];
  readonly exited: Promise<VmExit>;
  readonly networkSocket: string | undefined;
  readonly #machine: FakeMachine;
  readonly #options: FakeDriverOptions;
  #released = false;

  constructor(machine: FakeMachine, options: FakeDriverOptions) {
    this.pid = machine.pid;
    this.accelerator = machine.spec.accelerator;
    this.networkSocket = options.networkSocket?.();
    this.#machine = machine;
    this.#options = options;
    this.exited = new Promise((resolve) => {
      void machine.ended.then((exit) => {
        if (!this.#released) resolve(exit);
      });
    });
  }

  get isPaused(): boolean {
    return this.#machine.isPaused;
  }

  async pause(): Promise<void> {
    await Promise.resolve();
    this.#checkRuns();
    this.#machine.setPaused(true);
  }

  async resume(): Promise<void> {
    await Promise.resolve();
    this.#checkRuns();
    this.#machine.setPaused(false);
  }

  async agentPortOpened(signal?: AbortSignal): Promise<void> {
    this.#checkRuns();
    const ended = this.#machine.ended.then(({ detail }) => {
      throw new AppError('vm/crashed', `The machine has ended: ${detail}`);
    });
    ended.catch(() => undefined);
    const what = 'Waiting for the guest';
    await unlessAborted(what, signal, () => Promise.race([this.#machine.booted, ended]));
  }

  async save(...[statePath, options = {}]: Parameters<Vm['save']>): Promise<void> {
    this.#checkRuns();
    await this.#options.onSave?.(this.#machine);
    await saveFakeMachine(this.#machine, statePath, options);
  }

  async switchDisks(overlays: readonly VmDiskOverlay[]): Promise<void> {
    this.#checkRuns();
    await this.#machine.switchDisks(overlays);
  }

  setDisks(): Promise<void> {
    return Promise.reject(noStandby());
  }

  moveTo(): Promise<void> {
    return Promise.reject(noStandby());
  }

  async openAgentPort(signal?: AbortSignal): Promise<Duplex> {
    await unlessAborted('Opening the port', signal, () => Promise.resolve());
    this.#checkHeld();
    if (this.#machine.hasEnded) {
      throw new AppError('agent/disconnected', 'The machine has ended.');
    }
    this.#machine.port?.destroy();
    const [host, guest] = duplexPair();
    this.#machine.setPort(host, guest);
    host.on('error', () => undefined);
    host.on('close', () => {
      guest.destroy();
    });
    guest.on('close', () => {
      host.destroy();
    });
    this.#options.onAgentPort?.(guest, this.#machine);
    return host;
  }

  async quit(): Promise<void> {
    await this.#options.onQuit?.(this.#machine);
    await this.#end({ reason: 'shutdown', detail: 'It was asked to quit.' });
  }

  async kill(): Promise<void> {
    await this.#end({ reason: 'killed', detail: 'It was killed.' });
    await this.exited;
  }

  release(): Promise<void> {
    if (!this.#released && !this.#machine.hasEnded) {
      this.#released = true;
      this.#machine.isHeld = false;
      this.#machine.port?.destroy();
    }
    return Promise.resolve();
  }

  async #end(exit: VmExit): Promise<void> {
    await Promise.resolve();
    this.#checkHeld();
    this.#machine.end(exit);
  }

  #checkRuns(): void {
    this.#checkHeld();
    if (this.#machine.hasEnded) throw new AppError('vm/crashed', 'The machine has ended.');
  }

  #checkHeld(): void {
    if (!this.#released) return;
    throw new AppError('vm/unsupported', 'This handle has let go of its machine.');
  }
}

async function unlessAborted(
  what: string,
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const abort = (): void => {
    reject(cancelledError(what));
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    await Promise.race([promise, work()]);
    if (signal?.aborted === true) throw cancelledError(what);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function noStandby(): AppError {
  return new AppError('vm/unsupported', 'A fake machine is whose it was from the beginning.');
}
