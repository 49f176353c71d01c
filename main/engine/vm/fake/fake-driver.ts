/**
 * A driver that runs no machine, for fast tests of what stands on drivers. Machines live as long
 * as the driver object, so that a released one can be found again. Nothing here waits for time.
 */
import { duplexPair, type Duplex } from 'node:stream';
import { AppError, cancelledError } from '../../base/app-error.ts';
import type { OnConsole, Vm, VmCapabilities, VmDriver, VmExit, VmSpec } from '../driver.ts';
import { planVm } from '../plan.ts';

/** The script of a {@link FakeDriver}. */
export interface FakeDriverOptions {
  /** Is given the guest's end of each agent port that is opened. */
  readonly onAgentPort?: (port: Duplex, machine: FakeMachine) => void;
  /** Runs while a machine starts: what it awaits is the delay, what it throws the failure. */
  readonly onStart?: (spec: VmSpec) => Promise<void> | void;
  /** Where the frames of each machine are said to be served; a machine that is none sends none. */
  readonly networkSocket?: () => string | undefined;
}

/** Above the largest pid of Linux, so that no process has it. */
let lastPid = 2 ** 22;

/** A machine from its own side. */
export class FakeMachine {
  readonly spec: VmSpec;
  readonly pid: number;
  readonly ended: Promise<VmExit>;
  hasEnded = false;
  /** The host's end of the port that is open. */
  port: Duplex | undefined;
  /** Whether a handle holds it, as one process at a time can. */
  isHeld = true;
  /** Who hears its console. */
  onConsole: OnConsole | undefined;
  #resolve: (exit: VmExit) => void;

  constructor(spec: VmSpec) {
    this.spec = spec;
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
}

/** See the head of this file. */
export class FakeDriver implements VmDriver {
  readonly capabilities: VmCapabilities = {
    accelerators: ['tcg'],
    save: false,
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
    await unlessAborted(options.signal, async () => this.#options.onStart?.(spec));
    this.#checkFree(spec);
    const machine = new FakeMachine(spec);
    machine.onConsole = options.onConsole;
    this.specs.push(spec);
    this.#machines.set(spec.runtimeDir, machine);
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
    const inUse = this.machines.flatMap((machine) => machine.spec.disks);
    for (const disk of spec.disks) {
      const other = inUse.find(({ path }) => path === disk.path);
      if (other === undefined || (other.readOnly && disk.readOnly)) continue;
      throw new AppError('vm/start-failed', `Another machine uses the disk ${disk.path}.`, {
        details: { disk: disk.path },
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

  readonly isPaused = false;

  pause(): Promise<void> {
    return notYet();
  }

  resume(): Promise<void> {
    return notYet();
  }

  agentPortOpened(): Promise<void> {
    return notYet();
  }

  save(): Promise<void> {
    return notYet();
  }

  switchDisks(): Promise<void> {
    return notYet();
  }

  async openAgentPort(signal?: AbortSignal): Promise<Duplex> {
    await unlessAborted(signal, () => Promise.resolve());
    this.#checkHeld();
    if (this.#machine.hasEnded) {
      throw new AppError('agent/disconnected', 'The machine has ended.');
    }
    this.#machine.port?.destroy();
    const [host, guest] = duplexPair();
    this.#machine.port = host;
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

  quit(): Promise<void> {
    return this.#end({ reason: 'shutdown', detail: 'It was asked to quit.' });
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

  #checkHeld(): void {
    if (!this.#released) return;
    throw new AppError('vm/unsupported', 'This handle has let go of its machine.');
  }
}

async function unlessAborted(
  signal: AbortSignal | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const abort = (): void => {
    reject(cancelledError('Starting the machine'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    await Promise.race([promise, work()]);
    if (signal?.aborted === true) throw cancelledError('Starting the machine');
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function notYet(): Promise<never> {
  return Promise.reject(new Error('This is not bound yet.'));
}
