/** From the request for a sandbox to its prompt, against what bare QEMU takes in the same run. */
import { BareMachines } from './bare-machines.ts';
import { compare, type Figure } from './statistics.ts';
import { openCliWay, openEngineWay, type Warmth } from './ways-to-a-prompt.ts';

const baselines: Readonly<Record<Warmth, string>> = {
  cold: 'bare QEMU to an empty init',
  warm: 'bare QEMU restored, to the answer of its init',
  ready: 'bare QEMU restored, to the answer of its init',
};

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
    for (const warmth of ['cold', 'warm', 'ready'] as const) {
      await using way = await open(warmth);
      if (way === undefined) continue;
      const name = `${what}-to-prompt-${warmth}-${through}`;
      const about = { name, unit: 's', against: baselines[warmth] } as const;
      figures.push(
        await compare(
          about,
          rounds,
          () => way[what](),
          () => bare.take(warmth === 'cold' ? 'cold' : 'warm'),
        ),
      );
    }
  }
  return figures;
}
