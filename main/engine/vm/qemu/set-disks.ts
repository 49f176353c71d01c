/** Puts other files in the places of disks that no driver of the guest has. */
import { AppError } from '../../base/app-error.ts';
import { planDisks, type PlannedDisk } from '../plan.ts';
import type { VmDisk } from '../driver.ts';
import { diskNodes, placeholderNode } from './block-nodes.ts';
import { diskDeviceId } from './device-arguments.ts';
import { listDrives, setDrive, type Drive } from './drives.ts';
import { QmpError, type QmpClient } from './qmp.ts';

/** Ends the name of a node that is in the place of a disk which is not there. */
const emptySuffix = '-empty';

/** See `Vm.setDisks`. */
export async function setDisks(monitor: QmpClient, disks: readonly VmDisk[]): Promise<void> {
  const drives = await listDrives(monitor);
  try {
    await Promise.all(
      planDisks(disks).map(async (disk) => {
        const id = diskDeviceId(disk.serial);
        const drive = drives.find(({ device }) => device.split('/').at(-1) === id);
        if (drive === undefined) throw new Error(`The machine has no disk "${disk.serial}".`);
        await setDisk(monitor, disk, drive);
      }),
    );
  } catch (cause) {
    if (monitor.isClosed || !(cause instanceof Error)) throw cause;
    const message = `The disks of the machine were not set: ${cause.message}`;
    throw new AppError('vm/start-failed', message, { cause });
  }
}

/** QEMU does what is asked on a connection in the order in which it was asked. */
async function setDisk(monitor: QmpClient, disk: PlannedDisk, drive: Drive): Promise<void> {
  const empty = `${disk.node}${emptySuffix}`;
  const commands: Promise<unknown>[] = [];
  const execute = (command: string, args: Record<string, unknown>): void => {
    commands.push(monitor.execute(command, args));
  };
  const insert = (node: string): void => {
    commands.push(setDrive(monitor, drive.device, node));
  };
  if (drive.node !== empty) {
    execute('blockdev-add', placeholderNode({ ...disk, node: empty }));
    insert(empty);
    // From the top: a node that another one is above of stays.
    execute('blockdev-del', { 'node-name': drive.node });
    commands.push(removeFile(monitor, `${drive.node}-file`));
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
