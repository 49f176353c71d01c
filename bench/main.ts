/** `npm run bench [-- --json] [-- --rounds N] [-- --sandboxes N] [NAME…]`: every speed claim, both sides in one run. */
import { parseArgs } from 'node:util';
import { benchCopyFiles } from './copy-files.ts';
import { benchExec } from './exec-round-trip.ts';
import { benchFiftySandboxes } from './fifty-sandboxes.ts';
import { benchGuestTerminal } from './guest-terminal.ts';
import { benchListImages } from './list-images.ts';
import { benchMemory } from './memory-per-sandbox.ts';
import { benchNetwork } from './network.ts';
import { benchPull } from './pull-and-prepare.ts';
import { benchPullMemory } from './pull-memory.ts';
import { benchSharingBase } from './pull-sharing-base.ts';
import { benchBranchRunning, benchSuspendResume } from './running-sandbox.ts';
import { benchStatsSampling } from './stats-sampling.ts';
import { benchCreateToPrompt, benchStartToPrompt } from './start-path.ts';
import type { Figure } from './statistics.ts';
import { benchTerminalFlood } from './terminal-flood.ts';
import { benchTerminal } from './terminal.ts';
import { benchWindowList } from './window-list.ts';
import { benchWindowMemory } from './window-memory.ts';
import { benchWindowStart } from './window-start.ts';
import { benchTerminalMirror } from './terminal-mirror.ts';

type Benchmark = (rounds: number, sandboxes: number) => Promise<Figure | Figure[]>;

const benchmarks: Readonly<Record<string, Benchmark>> = {
  'create-to-prompt': benchCreateToPrompt,
  'start-to-prompt': benchStartToPrompt,
  'suspend-resume': benchSuspendResume,
  'branch-running': benchBranchRunning,
  'pull-and-prepare': benchPull,
  'pull-memory': benchPullMemory,
  'pull-sharing-base': benchSharingBase,
  'list-images': benchListImages,
  'exec-round-trip': benchExec,
  'copy-files': benchCopyFiles,
  'memory-per-sandbox': benchMemory,
  'fifty-sandboxes': (_rounds, sandboxes) => benchFiftySandboxes(sandboxes),
  network: benchNetwork,
  'stats-sampling': benchStatsSampling,
  terminal: benchTerminal,
  'terminal-flood': benchTerminalFlood,
  'guest-terminal': benchGuestTerminal,
  'window-list': benchWindowList,
  'window-memory': benchWindowMemory,
  'window-start': benchWindowStart,
  'terminal-mirror': benchTerminalMirror,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    sandboxes: { type: 'string', default: '50' },
  },
});
const rounds = wholeNumber('rounds', values.rounds);
const sandboxes = wholeNumber('sandboxes', values.sandboxes);
const unknown = positionals.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  const known = Object.keys(benchmarks).join(', ');
  throw new Error(`No benchmark is named ${unknown.join(', ')}; there are ${known}.`);
}

const figures: Figure[] = [];
for (const [name, run] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`${name}\n`);
  try {
    for (const figure of [await run(rounds, sandboxes)].flat()) {
      figures.push(figure);
      if (values.json) console.log(JSON.stringify(figure));
    }
  } catch (error) {
    // What the others took long to measure is not lost with it.
    console.error(`${name} failed:`, error);
    process.exitCode = 1;
  }
}
if (!values.json) {
  console.table(
    figures.map(({ name, ours, baseline, ratio, unit, against }) => ({
      name,
      ours: `${String(ours)} ${unit}`,
      baseline: `${String(baseline)} ${unit}`,
      ratio,
      against,
    })),
  );
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${option} takes a whole number from 1, not "${text}".`);
}
