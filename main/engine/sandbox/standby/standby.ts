/**
 * One machine that stands ready: begun from the template of the shape that was started last, and
 * rehearsed, so that the next start of that shape has only to give it its disks and its orders.
 */
import { AppError } from '../../base/app-error.ts';
import type { GuestAssets } from '../../host/guest-assets.ts';
import type { TemplateShape } from '../../template/template-shape.ts';
import type { TemplateMode, Templates } from '../../template/templates.ts';
import type { VmDisk } from '../../vm/driver.ts';
import {
  endLeftStandbys,
  makeStandby,
  type StandbyMachine,
  type StandbyMaking,
} from './make-standby.ts';
import { fitsStandby } from './standby-disks.ts';

/**
 * `on`: made in the background, a moment after a start. `ahead`: a start that could use one waits
 * until it is made; for tests. `off`: none is made.
 */
export type StandbyMode = 'on' | 'ahead' | 'off';

/**
 * What `SKERRY_STANDBY` asks for; without templates there is none.
 * @throws AppError `config/invalid` where it has another value
 */
export function standbyMode(
  templates: TemplateMode,
  env: NodeJS.ProcessEnv = process.env,
): StandbyMode {
  const value = env['SKERRY_STANDBY'] ?? '';
  if (templates === 'off') return 'off';
  // Who waits for templates says by itself that it waits for this, too.
  if (value === '') return templates === 'on' ? 'on' : 'off';
  if (modes.includes(value)) return value as StandbyMode;
  throw new AppError('config/invalid', `SKERRY_STANDBY is "${value}"; it can be on or off.`, {
    hint: 'Set SKERRY_STANDBY to on or off, or unset it.',
  });
}

const modes: readonly string[] = ['on', 'ahead', 'off'] satisfies readonly StandbyMode[];

/** What it is made with. */
export interface StandbyOptions extends Omit<StandbyMaking, 'emptyDir'> {
  readonly mode: StandbyMode;
  readonly templates: Pick<Templates, 'take' | 'emptyDir'>;
  readonly loadAssets: () => Promise<GuestAssets>;
  /** Bytes that this host has left for programs. */
  readonly availableBytes?: () => number;
}

/** Whoever has just started a sandbox is using it. */
const restMs = 1_500;
/** A machine that nobody takes for so long is given up. */
const longestIdleMs = 30 * 60 * 1000;
const bytesPerMiB = 1024 * 1024;
/** What is to be left to others, besides what the machine could take. */
const reserveBytes = 1024 * bytesPerMiB;

/** See the head of this file. */
export class Standby {
  readonly #options: StandbyOptions;
  readonly #closing = new AbortController();
  #ready: { readonly key: string; readonly machine: StandbyMachine } | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** One after the other; first, what an earlier host process has left is ended. */
  #turn: Promise<void>;

  constructor(options: StandbyOptions) {
    this.#options = options;
    this.#turn = endLeftStandbys(options.driver, options).catch((error: unknown) => {
      options.logger.warn('A machine that stood ready was left running.', { error: String(error) });
    });
  }

  /** The machine, if it is of this shape and the disks fit it; it is the caller's from then on. */
  async take(shape: TemplateShape, disks: readonly VmDisk[]): Promise<StandbyMachine | undefined> {
    if (!this.#isPossible(shape) || !fitsStandby(disks)) return undefined;
    if (this.#options.mode === 'ahead') await this.#next(() => this.#make(shape));
    const ready = this.#ready;
    if (ready?.key !== shape.key) return undefined;
    this.#ready = undefined;
    clearTimeout(this.#timer);
    return ready.machine;
  }

  /** A sandbox of this shape was started: the next one may be, too. */
  want(shape: TemplateShape): void {
    if (this.#options.mode !== 'on' || !this.#isPossible(shape)) return;
    this.#later(restMs, () => this.#make(shape));
  }

  /** Whether one stands ready, for people. */
  get isReady(): boolean {
    return this.#ready !== undefined;
  }

  /** Gives it up, if there is one. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#next(() => this.#end());
  }

  /** Gives it up, and what is being made. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.drop();
  }

  #isPossible({ shares, initramfs }: TemplateShape): boolean {
    const { mode, driver } = this.#options;
    if (mode === 'off' || this.#closing.signal.aborted) return false;
    // Directories are given to a machine when it starts, and a disk root may be anything.
    return driver.capabilities.standby && shares === 0 && initramfs === 'image';
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    return this.#turn;
  }

  #later(ms: number, work: () => Promise<void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(work), ms).unref();
  }

  async #make(shape: TemplateShape): Promise<void> {
    const { templates, logger, loadAssets } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted || this.#ready?.key === shape.key) return;
    await this.#end();
    if (!this.#hasRoom(shape)) return;
    const template = await templates.take(shape);
    if (template === undefined) return;
    try {
      const assets = await loadAssets();
      if (assets.manifest.key !== shape.assetsKey) return;
      const making = { ...this.#options, emptyDir: templates.emptyDir };
      const machine = await makeStandby(shape, template, assets, making, signal);
      this.#ready = { key: shape.key, machine };
      void machine.vm.exited.then(() => {
        this.#forget(machine);
      });
      if (this.#options.mode === 'on') this.#later(longestIdleMs, () => this.#end());
    } catch (error) {
      // The next start goes on from the template itself.
      if (!this.#closing.signal.aborted) {
        logger.warn('No machine was made ready.', { error: String(error) });
      }
    } finally {
      template.release();
    }
  }

  /** It ended by itself. */
  #forget(machine: StandbyMachine): void {
    if (this.#ready?.machine !== machine) return;
    this.#ready = undefined;
    void machine.end();
  }

  async #end(): Promise<void> {
    const ready = this.#ready;
    this.#ready = undefined;
    await ready?.machine.end();
  }

  #hasRoom({ memoryMiB }: TemplateShape): boolean {
    const available = (this.#options.availableBytes ?? (() => process.availableMemory()))();
    return available >= memoryMiB * bytesPerMiB + reserveBytes;
  }
}
