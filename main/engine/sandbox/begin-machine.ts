/**
 * Starts the machine of a sandbox: from the template of its shape where there is one, and otherwise
 * with its kernel.
 */
import type { Beginning } from '../../contract/sandbox.ts';
import type { GuestSetup } from '../agent/agent.ts';
import { isAppError, type AppError } from '../base/app-error.ts';
import type { GuestAssets } from '../host/guest-assets.ts';
import type { BootSteps } from '../live/boots/boot-steps.ts';
import {
  disksInSlots,
  sharesInSlots,
  templateMachine,
  type MachineNeeds,
  type TemplateShape,
} from '../template/template-shape.ts';
import type { TakenTemplate } from '../template/template-store.ts';
import type { Templates } from '../template/templates.ts';
import type { Standby } from './standby/standby.ts';
import type { VmSpec } from '../vm/driver.ts';
import {
  RunningMachine,
  WarmStartError,
  type BootOptions,
  type MachineTools,
} from './running-machine.ts';

/** What of {@link Templates} a start uses. */
export type TemplateSource = Pick<Templates, 'choose' | 'take' | 'want' | 'discard' | 'emptyDir'>;

/** What of {@link Standby} a start uses. */
export type StandbySource = Pick<Standby, 'take' | 'want'>;

/** A machine that is to be, and what it is made of. */
export interface MachineToBegin {
  readonly needs: MachineNeeds;
  readonly assets: GuestAssets;
  /** Where it and its logs are. */
  readonly place: Pick<VmSpec, 'id' | 'runtimeDir' | 'consoleLogPath' | 'monitorLogPath'>;
  readonly setup: Omit<GuestSetup, 'nowMs' | 'entropy'>;
  /** Makes the runtime directory, empty; before each machine that is tried. */
  readonly prepare: () => Promise<void>;
}

/** What came of it. */
export interface BegunMachine {
  readonly machine: RunningMachine;
  /** What it was started as. */
  readonly spec: VmSpec;
  readonly beganBy: Beginning;
}

/** How it is begun. */
export interface BeginTools extends MachineTools {
  readonly templates: TemplateSource;
  readonly standby: StandbySource;
}

/** Of each machine that is tried. */
export interface BeginOptions extends BootOptions {
  /** Undoes what `openNetwork` did for a machine that did not come to be. */
  readonly closeNetwork: () => Promise<void>;
}

/**
 * A machine that stands ready, or else a template; one that cannot be used is thrown away, and the
 * same start boots the machine.
 */
export async function beginMachine(
  machine: MachineToBegin,
  tools: BeginTools,
  options: BeginOptions,
): Promise<BegunMachine> {
  const { setup } = machine;
  const { templates } = tools;
  const { steps } = options;
  const { shape, why } = await templates.choose(machine.needs, machine.assets);
  const ready = shape && (await takeReady(machine, shape, tools, options));
  if (shape !== undefined && ready !== undefined) return ready;
  const taken = await steps.measure('template', 'Look for a template', () =>
    findTemplate(shape, why, templates, steps),
  );
  const prepare = (): Promise<void> =>
    steps.measure('runtime', 'Empty the directory of its sockets', () => machine.prepare());
  let failure: WarmStartError | undefined;
  if (shape !== undefined && taken !== undefined) {
    try {
      await prepare();
      const spec = warmSpec(machine, shape, taken, templates.emptyDir);
      const begun = await RunningMachine.boot(spec, setup, tools, options);
      tools.standby.want(shape);
      return { machine: begun, spec, beganBy: 'warm' };
    } catch (error) {
      if (!(error instanceof WarmStartError)) {
        // A guest that does not survive its setup may have a template to thank for it.
        if (isLostGuest(error)) await discard(taken, error, tools);
        throw error;
      }
      failure = error;
      steps.tell('template', `${error.message} The machine was booted instead.`);
      await options.closeNetwork();
    } finally {
      taken.release();
    }
  }
  await prepare();
  const spec = coldSpec(machine);
  const booted = await RunningMachine.boot(spec, setup, tools, options);
  if (failure !== undefined && taken !== undefined) {
    // Not before: what keeps the machine from booting, too, is no fault of the template.
    await discard(taken, failure, tools);
  } else if (shape !== undefined) {
    void templates.want(shape).then(() => {
      tools.standby.want(shape);
    });
  }
  return { machine: booted, spec, beganBy: 'cold' };
}

async function discard(taken: TakenTemplate, why: Error, tools: BeginTools): Promise<void> {
  try {
    await tools.templates.discard(taken.key, why.message);
  } catch (error) {
    tools.logger.warn('A template could not be removed.', { error: String(error) });
  }
}

function isLostGuest(error: unknown): error is AppError {
  return (
    isAppError(error) && ['vm/crashed', 'agent/timeout', 'agent/protocol'].includes(error.code)
  );
}

/** The machine that stands ready, if there is one and it does; what it lacks is no fault of others. */
async function takeReady(
  machine: MachineToBegin,
  shape: TemplateShape,
  tools: BeginTools,
  options: BeginOptions,
): Promise<BegunMachine | undefined> {
  const ready = await tools.standby.take(shape, machine.needs.disks);
  if (ready === undefined) return undefined;
  try {
    await machine.prepare();
    const spec = warmSpec(machine, shape, ready, tools.templates.emptyDir);
    const begun = await RunningMachine.boot(spec, machine.setup, tools, options, ready);
    void ready.tidy();
    tools.standby.want(shape);
    return { machine: begun, spec, beganBy: 'warm' };
  } catch (error) {
    await ready.end();
    if (!(error instanceof WarmStartError)) throw error;
    options.steps.tell('standby', `${error.message} Another one was begun instead.`);
    await options.closeNetwork();
    return undefined;
  }
}

async function findTemplate(
  shape: TemplateShape | undefined,
  why: string | undefined,
  templates: TemplateSource,
  steps: BootSteps,
): Promise<TakenTemplate | undefined> {
  const taken = shape === undefined ? undefined : await templates.take(shape);
  if (taken === undefined) steps.tell('template', why ?? 'There is none of this shape yet.');
  return taken;
}

function coldSpec({ needs, assets, place }: MachineToBegin): VmSpec {
  const { cpus, memoryMiB, accelerator, disks, shares, network, initramfs } = needs;
  return {
    ...place,
    ...{ cpus, memoryMiB, accelerator, disks, network },
    kernelPath: assets.kernelPath,
    initramfsPath: initramfs === 'disk' ? assets.diskInitramfsPath : assets.initramfsPath,
    kernelArguments: assets.kernelArguments,
    ...(shares === undefined ? {} : { shares }),
  };
}

/** The machine of the template, with the sandbox's own disks and directories in their places. */
function warmSpec(
  { needs, assets, place }: MachineToBegin,
  shape: TemplateShape,
  { saved }: Pick<TakenTemplate, 'saved'>,
  emptyDir: string,
): VmSpec {
  const shares = sharesInSlots(shape, needs.shares, emptyDir);
  return {
    ...templateMachine(shape, assets, emptyDir),
    ...place,
    disks: disksInSlots(needs.disks),
    ...(shares === undefined ? {} : { shares }),
    from: saved,
  };
}
