/** Machines that are no more than QEMU, the kernel of sandboxes, and an init of a few lines. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadGuestAssets } from '../main/engine/host/guest-assets-folder.ts';
import { resolvePaths } from '../main/engine/host/paths.ts';
import {
  buildBareInitramfs,
  endProcess,
  startBareBoot,
  type BareBoot,
  type StartedMachine,
} from './bare-boot.ts';
import { BareTemplate, type MemoryPlace } from './bare-restore.ts';
import type { Warmth } from './ways-to-a-prompt.ts';

/** How a bare machine begins: booted, or restored. */
export type BareBeginning = Exclude<Warmth, 'ready'>;

/** See the head of this file; `warm` ones go on from a template. */
export class BareMachines implements AsyncDisposable {
  readonly #template: BareTemplate;
  readonly #dir: string;
  readonly #boot: BareBoot;

  private constructor(dir: string, boot: BareBoot, template: BareTemplate) {
    this.#dir = dir;
    this.#boot = boot;
    this.#template = template;
  }

  /** @param place where the memory of the template is */
  static async make(place: MemoryPlace = 'file'): Promise<BareMachines> {
    const { kernelPath, kernelArguments } = await loadGuestAssets(resolvePaths().cacheDir);
    const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-bare-'));
    try {
      const initramfsPath = await buildBareInitramfs(dir);
      const boot = { kernelPath, kernelArguments, initramfsPath };
      return new BareMachines(dir, boot, await BareTemplate.make(dir, boot, place));
    } catch (error) {
      await rm(dir, { recursive: true });
      throw error;
    }
  }

  /** Starts one up to its init's word. */
  start(warmth: BareBeginning): Promise<StartedMachine> {
    return warmth === 'cold' ? startBareBoot(this.#boot) : this.#template.start();
  }

  /** Seconds in which the template was saved. */
  get savedInSeconds(): number {
    return this.#template.savedInSeconds;
  }

  /** Seconds of such a start. */
  async take(warmth: BareBeginning): Promise<number> {
    const { child, seconds } = await this.start(warmth);
    await endProcess(child);
    return seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#dir, { recursive: true });
  }
}
