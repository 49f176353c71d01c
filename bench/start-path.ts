/** From the request for a sandbox to its prompt, against what bare QEMU takes in the same run. */
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
import { BareTemplate } from './bare-restore.ts';
import { compare, type Figure } from './statistics.ts';
import { openCliWay, openEngineWay, type Warmth } from './ways-to-a-prompt.ts';

const baselines: Readonly<Record<Warmth, string>> = {
  cold: 'bare QEMU to an empty init',
  warm: 'bare QEMU restored, to the answer of its init',
};

/** The kernel of sandboxes with an init of a few lines, and a template of it. */
export class BareMachines implements AsyncDisposable {
  readonly #template: BareTemplate;
  readonly #dir: string;
  readonly #boot: BareBoot;

  private constructor(dir: string, boot: BareBoot, template: BareTemplate) {
    this.#dir = dir;
    this.#boot = boot;
    this.#template = template;
  }

  static async make(): Promise<BareMachines> {
    const { kernelPath, kernelArguments } = await loadGuestAssets(resolvePaths().cacheDir);
    const dir = await mkdtemp(path.join(tmpdir(), 'skerry-bench-bare-'));
    try {
      const initramfsPath = await buildBareInitramfs(dir);
      const boot = { kernelPath, kernelArguments, initramfsPath };
      return new BareMachines(dir, boot, await BareTemplate.make(dir, boot));
    } catch (error) {
      await rm(dir, { recursive: true });
      throw error;
    }
  }

  /** Starts one up to its init's word. */
  start(warmth: Warmth): Promise<StartedMachine> {
    return warmth === 'cold' ? startBareBoot(this.#boot) : this.#template.start();
  }

  /** Seconds of such a start. */
  async take(warmth: Warmth): Promise<number> {
    const { child, seconds } = await this.start(warmth);
    await endProcess(child);
    return seconds;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#dir, { recursive: true });
  }
}

/** A new sandbox: cold and warm, through the engine and by the command. */
export function benchCreateToPrompt(rounds: number): Promise<Figure[]> {
  return benchWays('create', rounds);
}

/** A sandbox that was stopped; likewise. By the command, two of them: `start` and `exec`. */
export function benchStartToPrompt(rounds: number): Promise<Figure[]> {
  return benchWays('start', rounds);
}

async function benchWays(what: 'create' | 'start', rounds: number): Promise<Figure[]> {
  await using bare = await BareMachines.make();
  const figures: Figure[] = [];
  for (const [through, open] of Object.entries({ engine: openEngineWay, cli: openCliWay })) {
    for (const warmth of ['cold', 'warm'] as const) {
      await using way = await open(warmth);
      if (way === undefined) continue;
      const name = `${what}-to-prompt-${warmth}-${through}`;
      const about = { name, unit: 's', against: baselines[warmth] } as const;
      figures.push(
        await compare(
          about,
          rounds,
          () => way[what](),
          () => bare.take(warmth),
        ),
      );
    }
  }
  return figures;
}
