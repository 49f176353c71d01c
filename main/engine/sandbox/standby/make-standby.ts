/** Begins a machine from its template before it is known whose it is, and lets it rehearse. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Agent } from '../../agent/agent.ts';
import { AppError } from '../../base/app-error.ts';
import type { GuestAssets } from '../../host/guest-assets.ts';
import { templateMachine, type TemplateShape } from '../../template/template-shape.ts';
import type { TakenTemplate } from '../../template/template-store.ts';
import type { SavedVm, Vm, VmDriver, VmPlace } from '../../vm/driver.ts';
import type { MachineTools } from '../running-machine.ts';
import { serials } from '../plan-boot.ts';
import { rehearse } from './rehearse.ts';
import { emptyDisks, makeStandbyDisks, type CreateUpperDisk } from './standby-disks.ts';

/** A machine that stands still and has no disks, and its agent, which waits for its orders. */
export interface StandbyMachine {
  readonly vm: Vm;
  readonly agent: Agent;
  /** What it went on from. */
  readonly saved: SavedVm;
  /** Removes what is left where it was, once it has gone elsewhere. Never rejects. */
  readonly tidy: () => Promise<void>;
  /** Ends it, where nobody has taken it. */
  readonly end: () => Promise<void>;
}

/** What making one needs. */
export interface StandbyMaking extends MachineTools {
  readonly createUpperDisk: CreateUpperDisk;
  /** Its sockets have a directory of their own in it; of the engine's own. */
  readonly runtimeDir: string;
  /** For its logs and the disks of its rehearsal: on the filesystem that sandboxes are on. */
  readonly workDir: string;
  readonly emptyDir: string;
}

const namePrefix = 'standby-';
const agentTimeoutMs = 30_000;

/** @throws AppError `vm/…`, `agent/…`, `store/no-space`, `operation/cancelled`; nothing is left then */
export async function makeStandby(
  shape: TemplateShape,
  template: TakenTemplate,
  assets: GuestAssets,
  making: StandbyMaking,
  signal: AbortSignal,
): Promise<StandbyMachine> {
  const { driver, connectAgent, logger } = making;
  if (assets.shellPath === undefined) {
    throw new AppError('vm/assets-missing', 'The guest assets have no shell to rehearse with.');
  }
  // QEMU removes its sockets by their first names when it ends, and another may have them by then.
  const id = `${namePrefix}${randomBytes(4).toString('hex')}`;
  const workDir = path.join(making.workDir, id);
  const place = placeOf(id, making);
  const { disks, remove } = await makeStandbyDisks(
    workDir,
    assets.shellPath,
    { ...making, assets },
    signal,
  );
  let vm: Vm | undefined;
  try {
    await mkdir(place.runtimeDir, { recursive: true, mode: 0o700 });
    const machine = templateMachine(shape, assets, making.emptyDir);
    vm = await driver.start({ ...machine, ...place, disks, from: template.saved }, { signal });
    const port = await vm.openAgentPort(signal);
    const agent = await connectAgent(port, { signal, timeoutMs: agentTimeoutMs, logger });
    await rehearse(agent, { lowerSerial: serials.root, upperSerial: serials.upper }, signal);
    await vm.pause();
    await vm.setDisks(emptyDisks());
    await removeDisks(workDir);
    const { saved } = template;
    const tidy = (): Promise<void> => remove().catch(() => undefined);
    return { vm, agent, saved, tidy, end: () => end(vm, place, remove) };
  } catch (error) {
    await end(vm, place, remove);
    throw error;
  }
}

/** Ends those that an earlier host process has left. */
export async function endLeftStandbys(
  driver: VmDriver,
  dirs: Pick<StandbyMaking, 'runtimeDir' | 'workDir'>,
): Promise<void> {
  const names = await readdir(dirs.runtimeDir).catch((): string[] => []);
  for (const name of names.filter((each) => each.startsWith(namePrefix))) {
    // One that was being moved may be another's by its name already.
    const { id: _any, ...place } = placeOf(name, dirs);
    await mkdir(path.join(dirs.workDir, name), { recursive: true, mode: 0o700 });
    const left = await driver.reattach(place);
    await left?.kill();
    await rm(place.runtimeDir, { recursive: true, force: true });
  }
  await rm(dirs.workDir, { recursive: true, force: true });
}

function placeOf(
  id: string,
  { runtimeDir, workDir }: Pick<StandbyMaking, 'runtimeDir' | 'workDir'>,
): VmPlace {
  return {
    id,
    runtimeDir: path.join(runtimeDir, id),
    consoleLogPath: path.join(workDir, id, 'console.log'),
    monitorLogPath: path.join(workDir, id, 'monitor.log'),
  };
}

/** What is left there are its logs. */
async function removeDisks(workDir: string): Promise<void> {
  const files = (await readdir(workDir)).filter((name) => !name.endsWith('.log'));
  await Promise.all(files.map((name) => rm(path.join(workDir, name), { force: true })));
}

async function end(vm: Vm | undefined, place: VmPlace, remove: () => Promise<void>): Promise<void> {
  await vm?.kill();
  await rm(place.runtimeDir, { recursive: true, force: true });
  await remove();
}
