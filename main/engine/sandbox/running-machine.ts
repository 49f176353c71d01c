/** A machine with its agent, from the start of its process to its end. Knows no records. */
import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Agent, GuestSetup } from '../agent/agent.ts';
import { AppError, isAppError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { BootSteps } from '../live/boots/boot-steps.ts';
import type { OnConsole, SavedVm, Vm, VmDriver, VmExit, VmSpec } from '../vm/driver.ts';
import type { OnStartPart } from '../vm/driver.ts';
import { tellTime } from './power/tell-time.ts';

/** Makes an agent of a byte stream; given by who assembles the engine. */
export type ConnectAgent = (
  port: Duplex,
  options: { readonly signal?: AbortSignal; readonly timeoutMs?: number; readonly logger: Logger },
) => Promise<Agent>;

/** What starting and finding machines needs. */
export interface MachineTools {
  readonly driver: VmDriver;
  readonly connectAgent: ConnectAgent;
  readonly logger: Logger;
}

/** Longest wait for the guest's agent; an emulated guest on a busy host needs its time. */
const agentTimeoutMs = 120_000;
/** One that goes on from a template has its agent already, so that a silent one is given up sooner. */
const warmAgentTimeoutMs = 30_000;
/** Longest wait for each step of an orderly end that is not the guest's own. */
const quitTimeoutMs = 3_000;
/** For a guest that went on and is slow to hear what time it is. */
const clockTimeoutMs = 10_000;
/** A guest that does not answer by then has lost what was on its way to it. */
const drainTimeoutMs = 2_000;
/** A lost port usually means that the machine has ended, which shows within moments. */
const reconnectDelaysMs = [500, 1_000, 2_000];
const consoleTailBytes = 4096;

/** How a machine is started. */
export interface BootOptions {
  readonly signal: AbortSignal;
  readonly onBooted: () => void;
  /** Done while the guest boots; what it fails with fails the boot. */
  readonly openNetwork: (vm: Vm) => Promise<void>;
  readonly onConsole?: OnConsole | undefined;
  readonly steps: BootSteps;
}

/** A machine that was begun before, and the agent in it, which waits to be set up. */
export interface ReadyMachine {
  readonly vm: Vm;
  readonly agent: Agent;
}

/** A machine did not come as far as its agent from a template; it may well boot. */
export class WarmStartError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A machine that runs and whose root is assembled. */
export class RunningMachine {
  readonly vm: Vm;
  readonly #tools: MachineTools;
  #agent: Agent | undefined;
  #letGo = false;
  /** Called with the error when the agent is lost for good while the machine runs. */
  onAgentLost: (error: Error) => void = () => undefined;
  /** Called with each new agent; the first is there from the beginning. */
  onAgent: (agent: Agent) => void = () => undefined;

  /** Without an agent only while it is paused. */
  private constructor(vm: Vm, agent: Agent | undefined, tools: MachineTools) {
    this.vm = vm;
    this.#tools = tools;
    if (agent !== undefined) this.#adopt(agent);
  }

  /**
   * Boots a machine up to a working root, or begins it where the spec says; what fails or is aborted
   * leaves no process behind.
   * @param ready is it already, but for whose it is and what disks it has; it stands still
   * @throws AppError `vm/…`, `agent/…`, `operation/cancelled`; {@link WarmStartError}
   */
  static async boot(
    spec: VmSpec,
    setup: Omit<GuestSetup, 'nowMs' | 'entropy'>,
    tools: MachineTools,
    options: BootOptions,
    ready?: ReadyMachine,
  ): Promise<RunningMachine> {
    const { signal, onConsole, steps } = options;
    const isWarm = spec.from !== undefined;
    const first = { key: 'prepare', label: 'Make ready for QEMU' };
    const begin = (onPart: OnStartPart): Promise<Vm> =>
      ready === undefined
        ? tools.driver.start(spec, { signal, onConsole, onPart })
        : takeUp(ready.vm, spec, onConsole);
    const vm = await steps
      .measureParts(ready === undefined ? first : takingUp, begin)
      .catch((error: unknown) => {
        throw isWarm ? asWarmStartError(error) : error;
      });
    let network: Promise<void> | undefined;
    try {
      network = steps.measure('network', 'Open the gateway', () => options.openNetwork(vm));
      const bootAgent = async (): Promise<Agent> => {
        const agent = ready?.agent ?? (await (isWarm ? findAgent : awaitAgent)(vm, tools, options));
        options.onBooted();
        const now = { nowMs: Date.now(), entropy: randomBytes(64) };
        await steps.measure('root', 'Assemble the root in the guest', () =>
          orEndOf(vm, agent.setUp({ ...setup, ...now }, signal)),
        );
        return agent;
      };
      const [agent] = await Promise.all([bootAgent(), orEndOf(vm, network)]);
      return new RunningMachine(vm, agent, tools);
    } catch (error) {
      await vm.kill();
      // Whoever tries another machine opens it again.
      await network?.catch(() => undefined);
      throw await withConsole(error, spec.consoleLogPath);
    }
  }

  /**
   * Goes on where a machine was saved. Its root is there, and its sessions with it. What fails leaves
   * no process behind; only what fails before `onRestored` was called leaves its disks as they were.
   * @throws AppError `vm/restore-failed`, `vm/…`, `agent/…`, `operation/cancelled`
   */
  static async goOn(
    spec: VmSpec & { readonly from: SavedVm },
    tools: MachineTools,
    options: {
      readonly signal: AbortSignal;
      /** All of it is there, and nothing of it has run. What it fails with fails all. */
      readonly onRestored: () => Promise<void>;
      /** Done while the guest begins to run; what it fails with fails all. */
      readonly openNetwork: (vm: Vm) => Promise<void>;
      readonly onConsole?: OnConsole | undefined;
      readonly steps: BootSteps;
      /** Whatever else has to be told to a guest that goes on as another one; after the time. */
      readonly introduce?: ((agent: Agent) => Promise<void>) | undefined;
    },
  ): Promise<RunningMachine> {
    const { signal, onConsole, steps } = options;
    const first = { key: 'prepare', label: 'Make ready for QEMU' };
    const vm = await steps.measureParts(first, (onPart) =>
      tools.driver.start({ ...spec, startsPaused: true }, { signal, onConsole, onPart }),
    );
    try {
      signal.throwIfAborted();
      await orEndOf(vm, options.onRestored());
      const openNetwork = (): Promise<void> => options.openNetwork(vm);
      const network = orEndOf(vm, steps.measure('network', 'Open the gateway', openNetwork));
      const wake = async (): Promise<Agent> => {
        await vm.resume();
        const agent = await steps.measure('agent', 'Find the agent', () =>
          orEndOf(vm, connect(vm, tools)),
        );
        if (!agent.isSetUp) throw new AppError('vm/restore-failed', 'The guest has no root.');
        await steps.measure('clock', 'Set the clock, reseed the random pool', () =>
          orEndOf(vm, tellTime(agent)),
        );
        await options.introduce?.(agent);
        return agent;
      };
      const [agent] = await Promise.all([wake(), network]);
      return new RunningMachine(vm, agent, tools);
    } catch (error) {
      await vm.kill();
      throw await withConsole(error, spec.consoleLogPath);
    }
  }

  /**
   * The machine of an earlier host process, if it still runs and its root was assembled. One that
   * stands still goes on, unless it is to stay so.
   */
  static async find(
    spec: Parameters<VmDriver['reattach']>[0],
    tools: MachineTools,
    onConsole: OnConsole,
    { staysPaused = false }: { readonly staysPaused?: boolean } = {},
  ): Promise<RunningMachine | undefined> {
    const vm = await tools.driver.reattach(spec, { onConsole });
    if (vm === undefined) return undefined;
    try {
      if (vm.isPaused && staysPaused) return new RunningMachine(vm, undefined, tools);
      const wasPaused = vm.isPaused;
      if (wasPaused) await vm.resume();
      const agent = await orEndOf(vm, connect(vm, tools));
      if (wasPaused && agent.isSetUp) await orEndOf(vm, tellTime(agent));
      if (agent.isSetUp) return new RunningMachine(vm, agent, tools);
      agent.close();
    } catch (error) {
      tools.logger.warn('A machine that runs has no working agent; ending it.', {
        id: spec.id,
        error: String(error),
      });
    }
    await vm.kill();
    return undefined;
  }

  /** @throws AppError `sandbox/paused`, at once, `agent/disconnected` */
  get agent(): Agent {
    if (this.vm.isPaused) throw new AppError('sandbox/paused', 'The guest stands still.');
    if (this.#agent === undefined) {
      throw new AppError('agent/disconnected', 'The guest agent does not answer.');
    }
    return this.#agent;
  }

  /**
   * Its processes are held, so that whoever goes on from here is told the time before any of them
   * runs, and then its processors stand still. What is on its way to its agent arrives before: it
   * answers in order. What comes later waits, however long.
   */
  async pause(): Promise<void> {
    if (this.vm.isPaused) return;
    await this.#hold();
    try {
      await this.vm.pause();
    } catch (error) {
      await this.resume().catch(() => undefined);
      throw error;
    }
  }

  /** It goes on, and is told the time. Its agent is connected anew if it has none. */
  async resume(): Promise<void> {
    await this.vm.resume();
    if (this.#agent === undefined) {
      await this.#connectAnew().catch((error: unknown) => this.#reconnect(asError(error)));
    }
    const agent = this.#agent;
    if (agent === undefined) return;
    // It goes on with the time of before, and its agent will be lost or found again by itself.
    await tellTime(agent, AbortSignal.timeout(clockTimeoutMs)).catch((error: unknown) => {
      this.#tools.logger.warn('A guest that goes on was not told the time.', {
        error: String(error),
      });
    });
  }

  async #hold(): Promise<void> {
    try {
      await this.agent.hold();
    } catch (error) {
      const message = 'Processes of a guest are not held: they go on with the time of before.';
      this.#tools.logger.warn(message, { error: String(error) });
      // Whatever it cannot do, it has heard what came before.
      if (!isAppError(error, 'agent/timeout')) return;
      await this.#agent?.stats(AbortSignal.timeout(drainTimeoutMs)).catch(() => undefined);
    }
  }

  /** Asks the guest, then the driver, then ends the process. */
  async stop(graceMs: number): Promise<VmExit> {
    if (graceMs > 0 && this.vm.isPaused) await this.resume().catch(() => undefined);
    this.#letGo = true;
    if (this.#agent !== undefined && graceMs > 0) {
      this.#agent.shutdown().catch((error: unknown) => {
        this.#tools.logger.debug('The agent did not confirm the shutdown.', {
          error: String(error),
        });
      });
      if (await endsWithin(this.vm, graceMs)) return this.vm.exited;
    }
    this.vm.quit().catch(() => undefined);
    if (!(await endsWithin(this.vm, quitTimeoutMs))) await this.vm.kill();
    return this.vm.exited;
  }

  /** Leaves the machine running for the next host process. */
  async release(): Promise<void> {
    this.#letGo = true;
    this.#agent?.close();
    await this.vm.release();
  }

  #adopt(agent: Agent): void {
    this.#agent = agent;
    void agent.closed.then((error) => {
      this.#agent = undefined;
      if (!this.#letGo) void this.#reconnect(error);
    });
  }

  /** A guest that broke the protocol or a port that was lost: try again, a bounded number of times. */
  async #reconnect(reason: Error | undefined): Promise<void> {
    let last = reason ?? new Error('The agent closed its port.');
    for (const delayMs of reconnectDelaysMs) {
      if ((await endsWithin(this.vm, delayMs)) || this.#letGo) return;
      // A guest that stands still cannot answer; it is connected when it goes on.
      if (this.vm.isPaused) return;
      try {
        await this.#connectAnew();
        return;
      } catch (error) {
        last = asError(error);
      }
    }
    this.onAgentLost(last);
  }

  async #connectAnew(): Promise<void> {
    const agent = await orEndOf(this.vm, connect(this.vm, this.#tools));
    this.#adopt(agent);
    this.onAgent(agent);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

const takingUp = { key: 'standby', label: 'Take the machine that stands ready' };

/** It becomes the machine of a spec, and runs. One of which something fails is ended. */
async function takeUp(vm: Vm, spec: VmSpec, onConsole: OnConsole | undefined): Promise<Vm> {
  try {
    await Promise.all([vm.moveTo(spec, { onConsole }), vm.setDisks(spec.disks), vm.resume()]);
    return vm;
  } catch (error) {
    await vm.kill();
    throw error;
  }
}

/** The agent of a guest that boots. */
async function awaitAgent(
  vm: Vm,
  tools: MachineTools,
  { steps, signal }: Pick<BootOptions, 'steps' | 'signal'>,
): Promise<Agent> {
  const agent = await steps.measure('firmware', 'Load the kernel', () =>
    orEndOf(vm, connect(vm, tools, { signal })),
  );
  const kernel = { key: 'kernel', label: 'Boot the kernel, up to the agent' };
  steps.splitEnd('firmware', kernel, agent.guestBootMs ?? 0);
  return agent;
}

/** The agent of a guest that goes on from a template, where it waits. */
async function findAgent(
  vm: Vm,
  tools: MachineTools,
  { steps, signal }: Pick<BootOptions, 'steps' | 'signal'>,
): Promise<Agent> {
  const options = { signal, timeoutMs: warmAgentTimeoutMs };
  return steps
    .measure('agent', 'Reach the agent', () => orEndOf(vm, connect(vm, tools, options)))
    .catch((error: unknown) => {
      throw asWarmStartError(error);
    });
}

/** What is not the template's doing stays what it is. */
function asWarmStartError(error: unknown): unknown {
  const isOther = isAppError(error, 'operation/cancelled') || isDiskInUse(error);
  return isOther ? error : new WarmStartError(error);
}

function isDiskInUse(error: unknown): boolean {
  return isAppError(error) && error.details?.['disk'] !== undefined;
}

async function connect(
  vm: Vm,
  tools: MachineTools,
  how: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
): Promise<Agent> {
  const { signal, timeoutMs = agentTimeoutMs } = how;
  const port = await vm.openAgentPort(signal);
  const options = { timeoutMs, logger: tools.logger };
  return tools.connectAgent(port, signal === undefined ? options : { ...options, signal });
}

/** The work, or an error at once when the machine ends before it is done. */
async function orEndOf<T>(vm: Vm, work: Promise<T>): Promise<T> {
  const ended = vm.exited.then((exit): never => {
    throw new AppError('vm/crashed', `The virtual machine ended early: ${exit.detail}`);
  });
  // Whichever loses the race must not become an unhandled rejection.
  ended.catch(() => undefined);
  work.catch(() => undefined);
  return Promise.race([work, ended]);
}

async function endsWithin(vm: Vm, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, timeoutMs);
  });
  try {
    return await Promise.race([vm.exited.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Adds the last lines of the guest's console, which usually say why. */
async function withConsole(error: unknown, consoleLogPath: string): Promise<unknown> {
  if (!isAppError(error) || error.code === 'operation/cancelled') return error;
  const console = await readConsoleTail(consoleLogPath);
  if (console === '') return error;
  return new AppError(error.code, error.message, {
    hint: error.hint,
    details: { ...error.details, console },
    cause: error,
  });
}

/** The end of the console log, without control characters: it is the guest's own text. */
export async function readConsoleTail(file: string): Promise<string> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const length = Math.min(size, consoleTailBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('latin1').replace(/[^\n\x20-\x7e]/g, '');
  } catch {
    return '';
  }
}
