/** What is done with a sandbox that runs: suspended and taken up again, and branched. */
import type { Engine } from '../main/engine/engine.ts';
import {
  createSandbox,
  readSession,
  succeed,
  TestHome,
} from '../main/engine/testing/test-engine.ts';
import { BareMachines } from './bare-machines.ts';
import { figure, median, type Figure } from './statistics.ts';
import { inSeconds, untilPrompt } from './ways-to-a-prompt.ts';

const name = 'bench';
/** How often the guest says something while it is branched. */
const sayEvery = '0.01';

/**
 * Suspending, and going on up to a prompt, against bare QEMU that saves all of its memory and reads
 * it again.
 */
export async function benchSuspendResume(rounds: number): Promise<Figure[]> {
  await using home = await TestHome.make();
  const engine = await home.open();
  await createSandbox(engine, { name });
  const suspends: number[] = [];
  const resumes: number[] = [];
  const bare = await measure(rounds, async () => {
    suspends.push(
      await inSeconds(async () => {
        await succeed(engine, await engine.sandboxes.suspend(name));
      }),
    );
    resumes.push(
      await inSeconds(async () => {
        await succeed(engine, await engine.sandboxes.start(name));
        await untilPrompt(engine, name);
      }),
    );
  });
  return [
    figure(
      { name: 'suspend', unit: 's', against: 'bare QEMU to a saved file' },
      median(suspends),
      bare.saved,
    ),
    figure(
      { name: 'resume-to-prompt', unit: 's', against: 'bare QEMU from a saved file' },
      median(resumes),
      bare.restored,
    ),
  ];
}

/**
 * From the request for a branch of a running sandbox to the branch's prompt, against bare QEMU that
 * saves all of its memory and reads it again; and for how long the sandbox stands still.
 */
export async function benchBranchRunning(rounds: number): Promise<Figure[]> {
  await using home = await TestHome.make();
  const engine = await home.open();
  await createSandbox(engine, { name });
  const branches: number[] = [];
  const pauses: number[] = [];
  const bare = await measure(rounds, async () => {
    const silence = await watchSilence(engine);
    branches.push(
      await inSeconds(async () => {
        const request = { from: { sandbox: name }, as: ['branch'], withMemory: true };
        await succeed(engine, await engine.snapshots.branch(request));
        await untilPrompt(engine, 'branch');
      }),
    );
    pauses.push(silence.stop());
    await engine.sandboxes.remove('branch', { force: true });
  });
  return [
    figure(
      { name: 'branch-running', unit: 's', against: 'bare QEMU saved and restored' },
      median(branches),
      bare.saved + bare.restored,
    ),
    figure(
      { name: 'branch-pause', unit: 'ms', against: 'bare QEMU to a saved file' },
      median(pauses),
      bare.saved * 1000,
    ),
  ];
}

/** Does the work in turn with bare machines, whose medians it returns. */
async function measure(
  rounds: number,
  work: () => Promise<void>,
): Promise<{ readonly saved: number; readonly restored: number }> {
  const saved: number[] = [];
  const restored: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await using bare = await BareMachines.make('state');
    saved.push(bare.savedInSeconds);
    restored.push(await bare.take('warm'));
    await work();
    process.stderr.write(`  ${String(round)}/${String(rounds)}\n`);
  }
  return { saved: median(saved), restored: median(restored) };
}

/** Has the guest speak all the time, and says in the end how long it was silent at most, in ms. */
async function watchSilence(engine: Engine): Promise<{ stop: () => number }> {
  const script = `while sleep ${sayEvery}; do echo .; done`;
  const session = await engine.sandboxes.shell({ name, script });
  await readSession(engine, session, /\./);
  let lastMs = performance.now();
  let longestMs = 0;
  const heard = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const attachment = engine.sessions.attach(session.id, {
    onAttached: () => undefined,
    onSize: () => undefined,
    onStdout: (bytes) => {
      heard();
      attachment.acknowledge(bytes.length);
    },
    onStderr: () => undefined,
    onExit: heard,
    onError: heard,
  });
  return {
    stop: () => {
      heard();
      engine.sessions.close(session.id).catch(() => undefined);
      return longestMs;
    },
  };
}
