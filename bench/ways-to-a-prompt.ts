/** From the request for a sandbox to the prompt of its shell: through the engine, or as a user has it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Template } from '../main/contract/template.ts';
import type { Engine } from '../main/engine/engine.ts';
import {
  createSandbox,
  readSession,
  succeed,
  TestHome,
} from '../main/engine/testing/test-engine.ts';
import { BackgroundHost } from './background-host.ts';

/** How a sandbox comes to its prompt. What is prepared, and what is put away, does not count. */
export interface WayToPrompt extends AsyncDisposable {
  /** Seconds for a new sandbox, which is gone afterwards. */
  create(): Promise<number>;
  /** Seconds for one that was stopped, and is again afterwards. */
  start(): Promise<number>;
}

/** Whether sandboxes start from templates, and whether a machine stands ready. */
export type Warmth = 'cold' | 'warm' | 'ready';

const image = 'skerry/starter';
const prompt = /[#$] /;
const tty = { rows: 24, columns: 80 };
const templateTimeoutMs = 60_000;
const templatePollMs = 500;

function environmentOf(warmth: Warmth): NodeJS.ProcessEnv {
  return {
    SKERRY_TEMPLATES: warmth === 'cold' ? 'off' : 'on',
    SKERRY_STANDBY: warmth === 'ready' ? 'on' : 'off',
  };
}

/** Undefined where nothing makes templates on this host. */
export async function openEngineWay(warmth: Warmth): Promise<WayToPrompt | undefined> {
  Object.assign(process.env, environmentOf(warmth));
  const home = await TestHome.make();
  const engine = await home.open();
  await createSandbox(engine, { name: 'kept' });
  if (warmth !== 'cold' && !(await waitForTemplate(() => engine.templates.list()))) {
    await home[Symbol.asyncDispose]();
    return undefined;
  }
  await engine.sandboxes.stop('kept', { graceMs: 0 });
  const prepare = () =>
    warmth === 'ready' ? waitForStandby(() => engine.host.report()) : undefined;
  return {
    create: async () => {
      await prepare();
      const seconds = await inSeconds(async () => {
        await createSandbox(engine, { name: 'new' });
        await untilPrompt(engine, 'new');
      });
      await engine.sandboxes.remove('new', { force: true });
      return seconds;
    },
    start: async () => {
      await prepare();
      const seconds = await inSeconds(async () => {
        await succeed(engine, await engine.sandboxes.start('kept'));
        await untilPrompt(engine, 'kept');
      });
      await engine.sandboxes.stop('kept', { graceMs: 0 });
      return seconds;
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

/** By the command, with a host process that runs already. Undefined as {@link openEngineWay}. */
export async function openCliWay(warmth: Warmth): Promise<WayToPrompt | undefined> {
  const host = await BackgroundHost.start(environmentOf(warmth));
  const { sandboxes, host: about } = host.client.procedures;
  await host.run('create', 'kept', '--image', image);
  if (warmth !== 'cold' && !(await waitForTemplate(() => about.templates()))) {
    await host[Symbol.asyncDispose]();
    return undefined;
  }
  await sandboxes.stop({ name: 'kept' });
  const prepare = () => (warmth === 'ready' ? waitForStandby(() => about.report()) : undefined);
  return {
    create: async () => {
      await prepare();
      const seconds = await inSeconds(() =>
        host.until(prompt, 'run', '--tty', '--name', 'new', image),
      );
      await sandboxes.remove({ name: 'new', force: true });
      return seconds;
    },
    start: async () => {
      await prepare();
      const seconds = await inSeconds(async () => {
        await host.run('start', 'kept');
        await host.until(prompt, 'exec', '--tty', 'kept', '--', '/bin/sh');
      });
      await sandboxes.stop({ name: 'kept' });
      return seconds;
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** Opens a shell and reads up to its prompt. */
export async function untilPrompt(engine: Engine, name: string): Promise<void> {
  const session = await engine.sandboxes.shell({ name, tty });
  await readSession(engine, session, prompt);
}

/** How long something takes. */
export async function inSeconds(work: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return (performance.now() - startedAtMs) / 1000;
}

/** Waits for the machine that stands ready, which is made after each start. */
async function waitForStandby(
  report: () => Promise<{
    readonly checks: readonly { readonly id: string; readonly evidence: string }[];
  }>,
): Promise<void> {
  const untilMs = performance.now() + templateTimeoutMs;
  while (performance.now() < untilMs) {
    const { checks } = await report();
    const { evidence = '' } = checks.find(({ id }) => id === 'templates') ?? {};
    if (evidence.includes('stands ready')) return;
    await delay(templatePollMs);
  }
  throw new Error('No machine stands ready.');
}

/** Whether a template is there, which is made after the first start. */
export async function waitForTemplate(list: () => Promise<readonly Template[]>): Promise<boolean> {
  const untilMs = performance.now() + templateTimeoutMs;
  while (performance.now() < untilMs) {
    if ((await list()).length > 0) return true;
    await delay(templatePollMs);
  }
  process.stderr.write('  No template was made; what starts from one is left out.\n');
  return false;
}
