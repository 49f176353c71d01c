/**
 * The templates of one engine: what a start asks for, and what is made in the background for the
 * starts that follow.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Template } from '../../contract/template.ts';
import { isAppError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { VmDriver } from '../vm/driver.ts';
import { endLeftTemplate, makeTemplate } from './make-template.ts';
import { describeTemplateHost } from './template-host.ts';
import {
  chooseShape,
  type MachineNeeds,
  type ShapeChoice,
  type TemplateShape,
} from './template-shape.ts';
import type { TakenTemplate, TemplateStore } from './template-store.ts';

/**
 * `on`: made in the background, once a machine of the shape was booted. `ahead`: a start that needs
 * one waits until it is made; for tests. `off`: every machine is booted.
 */
export type TemplateMode = 'on' | 'ahead' | 'off';

/** What templates are made with. */
export interface TemplatesOptions {
  readonly mode: TemplateMode;
  /** Absent where there is no place for one; then they are off. */
  readonly store: TemplateStore | undefined;
  readonly driver: VmDriver;
  readonly logger: Logger;
  readonly loadAssets: () => Promise<GuestAssets>;
  /** Where it is remembered which QEMU there is. */
  readonly cacheDir: string;
  /** Of the engine's own; the machine of a template has a place in it. */
  readonly runtimeDir: string;
  readonly now?: () => number;
}

/** How long a shape is left alone whose template could not be made. */
const restMs = 60 * 60 * 1000;
/** Failures that are remembered; a host has a handful of shapes. */
const maxFailures = 64;

/** See the head of this file. */
export class Templates {
  /** A directory without files, in the place of shared ones that a machine does not have. */
  readonly emptyDir: string;
  readonly #options: TemplatesOptions;
  readonly #machineDir: string;
  readonly #closing = new AbortController();
  readonly #failures = new Map<string, { readonly atMs: number; readonly why: string }>();
  /** Shapes whose template is being made or waits for its turn. */
  readonly #wanted = new Map<string, Promise<void>>();
  /** One after the other; first, what an earlier host process has left is ended. */
  #turn: Promise<void>;

  constructor(options: TemplatesOptions) {
    this.#options = options;
    this.emptyDir = path.join(options.runtimeDir, 'empty');
    this.#machineDir = path.join(options.runtimeDir, 'template');
    this.#turn = endLeftTemplate(options.driver, this.#machineDir).catch((error: unknown) => {
      options.logger.warn('The machine of a template was left running.', { error: String(error) });
    });
  }

  /** What a machine could start from, or why it cannot. */
  async choose(needs: MachineNeeds, assets: GuestAssets): Promise<ShapeChoice> {
    const { mode, driver, cacheDir } = this.#options;
    if (mode === 'off') return { why: 'Templates are switched off.' };
    const { save: canSave } = driver.capabilities;
    return chooseShape(needs, { assets, canSave, ...(await describeTemplateHost(cacheDir)) });
  }

  /** The template of a shape, if there is one. It is let go of when the machine has begun. */
  async take(shape: TemplateShape): Promise<TakenTemplate | undefined> {
    const { mode, store, logger } = this.#options;
    if (mode === 'off' || store === undefined) return undefined;
    try {
      const taken = await store.take(shape);
      if (taken !== undefined) {
        if (shape.shares > 0) await mkdir(this.emptyDir, { recursive: true, mode: 0o700 });
        return taken;
      }
      if (mode === 'on') return undefined;
      await this.want(shape);
      return await store.take(shape);
    } catch (error) {
      // A start goes on without.
      logger.warn('No template could be taken.', { error: String(error) });
      return undefined;
    }
  }

  /**
   * Sees to it that there is a template of a shape, in the background. Resolves when it was made, or
   * was not; never rejects.
   */
  want(shape: TemplateShape): Promise<void> {
    const { key } = shape;
    const waiting = this.#wanted.get(key);
    if (waiting !== undefined) return waiting;
    if (this.#options.mode === 'off' || this.#closing.signal.aborted || this.#rests(key)) {
      return Promise.resolve();
    }
    const made = this.#turn
      .then(() => this.#make(shape))
      .finally(() => {
        this.#wanted.delete(key);
      });
    this.#turn = made;
    this.#wanted.set(key, made);
    return made;
  }

  /** Nothing starts from it any more. */
  async discard(key: string, why: string): Promise<void> {
    this.#remember(key, why);
    await this.#options.store?.remove(key, why);
  }

  /** The one that was used last first. */
  async list(): Promise<Template[]> {
    return (await this.#options.store?.list()) ?? [];
  }

  /** Forgets them, and what could not be made. */
  async clear(): Promise<void> {
    this.#failures.clear();
    await this.#options.store?.clear();
  }

  get mode(): TemplateMode {
    return this.#options.mode;
  }

  /** Why templates could not be made or used, the latest last. */
  failures(): readonly string[] {
    return [...this.#failures.values()].map(({ why }) => why);
  }

  /** What is being made is given up. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turn;
  }

  async #make(shape: TemplateShape): Promise<void> {
    const { store, driver, logger, loadAssets } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted || store === undefined) return;
    try {
      const taken = await store.take(shape);
      taken?.release();
      // Another process has made it meanwhile.
      if (taken !== undefined) return;
      const assets = await loadAssets();
      // They were built anew meanwhile: nothing of this shape starts any more.
      if (assets.manifest.key !== shape.assetsKey) return;
      const runtimeDir = this.#machineDir;
      await makeTemplate(shape, {
        driver,
        store,
        assets,
        runtimeDir,
        emptyDir: this.emptyDir,
        signal,
      });
      logger.info('A template was made.', {
        key: shape.key,
        cpus: shape.cpus,
        memoryMiB: shape.memoryMiB,
      });
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const why = isAppError(error) ? error.message : String(error);
      this.#remember(shape.key, why);
      logger.warn('A template could not be made.', { key: shape.key, error: why });
    }
  }

  #remember(key: string, why: string): void {
    this.#failures.delete(key);
    this.#failures.set(key, { atMs: this.#now(), why });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > maxFailures && oldest !== undefined) this.#failures.delete(oldest);
  }

  #rests(key: string): boolean {
    const failure = this.#failures.get(key);
    return failure !== undefined && this.#now() - failure.atMs < restMs;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
