/** Puts other files in the places of disks that no driver of the guest has. */
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import { planDisks, type PlannedDisk } from '../plan.ts';
import type { VmDisk } from '../driver.ts';
import { diskNodes, placeholderNode } from './block-nodes.ts';
import { diskDeviceId } from './device-arguments.ts';
import { QmpError, type QmpClient } from './qmp.ts';

/** Of QMP's query-block; QEMU, qapi/block-core.json, BlockInfo. */
const blocksSchema = z.array(
  z.object({
    qdev: z.string().optional(),
    inserted: z.object({ 'node-name': z.string() }).optional(),
  }),
);

/** Ends the name of a node that is in the place of a disk which is not there. */
const emptySuffix = '-empty';

/** The device of a disk, and what it has now. */
interface Place {
  readonly device: string;
  readonly node: string;
}

/** See `Vm.setDisks`. */
export async function setDisks(monitor: QmpClient, disks: readonly VmDisk[]): Promise<void> {
  const places = await findPlaces(monitor);
  try {
    await Promise.all(
      planDisks(disks).map(async (disk) => {
        const place = places.get(diskDeviceId(disk.serial));
        if (place === undefined) throw new Error(`The machine has no disk "${disk.serial}".`);
        await setDisk(monitor, disk, place);
      }),
    );
  } catch (cause) {
    if (monitor.isClosed || !(cause instanceof Error)) throw cause;
    const message = `The disks of the machine were not set: ${cause.message}`;
    throw new AppError('vm/start-failed', message, { cause });
  }
}

/** QEMU does what is asked on a connection in the order in which it was asked. */
async function setDisk(monitor: QmpClient, disk: PlannedDisk, place: Place): Promise<void> {
  const { device } = place;
  const empty = `${disk.node}${emptySuffix}`;
  const commands: Promise<unknown>[] = [];
  const execute = (command: string, args: Record<string, unknown>): void => {
    commands.push(monitor.execute(command, args));
  };
  const insert = (node: string): void => {
    execute('qom-set', { path: device, property: 'drive', value: node });
  };
  if (place.node !== empty) {
    execute('blockdev-add', placeholderNode({ ...disk, node: empty }));
    insert(empty);
    // From the top: a node that another one is above of stays.
    execute('blockdev-del', { 'node-name': place.node });
    commands.push(removeFile(monitor, `${place.node}-file`));
  }
  if (disk.format !== 'none') {
    for (const node of diskNodes(disk)) execute('blockdev-add', node);
    insert(disk.node);
    execute('blockdev-del', { 'node-name': empty });
  }
  await Promise.all(commands);
}

/** A disk without a file has no node of one. */
async function removeFile(monitor: QmpClient, node: string): Promise<void> {
  try {
    await monitor.execute('blockdev-del', { 'node-name': node });
  } catch (error) {
    if (!(error instanceof QmpError)) throw error;
  }
}

async function findPlaces(monitor: QmpClient): Promise<Map<string, Place>> {
  const blocks = blocksSchema.parse(await monitor.execute('query-block'));
  const places = new Map<string, Place>();
  for (const { qdev, inserted } of blocks) {
    // QEMU names the backend within a device of virtio.
    const path = qdev?.replace(/\/virtio-backend$/, '');
    const id = path?.split('/').at(-1);
    if (id === undefined || inserted === undefined) continue;
    places.set(id, { device: `/machine/peripheral/${id}`, node: inserted['node-name'] });
  }
  return places;
}
