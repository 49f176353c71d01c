/** Puts new files above what the disks of a running machine write to. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../base/app-error.ts';
import type { VmDiskOverlay } from '../driver.ts';
import { fileNodes } from './block-nodes.ts';
import { diskDeviceId } from './device-arguments.ts';
import { QmpError, type QmpClient } from './qmp.ts';
import { queryStatus } from './run-state.ts';

/** Of QMP's query-block; QEMU, qapi/block-core.json, BlockInfo. */
const blocksSchema = z.array(
  z.object({
    qdev: z.string().optional(),
    inserted: z.object({ 'node-name': z.string(), ro: z.boolean() }).optional(),
  }),
);

interface Switch {
  readonly node: string;
  readonly overlay: string;
}

/** See `Vm.switchDisks`. */
export async function switchDisks(
  monitor: QmpClient,
  overlays: readonly VmDiskOverlay[],
): Promise<void> {
  const status = await queryStatus(monitor);
  if (status !== 'running' && status !== 'paused') {
    // QEMU would do it of a machine that has let go of its disks, which others may have by now.
    throw new AppError('vm/save-failed', `The machine neither runs nor is paused, but ${status}.`);
  }
  const tops = await findTops(monitor, overlays);
  // In the order in which they can be removed again.
  const added: string[] = [];
  try {
    const switches: Switch[] = [];
    for (const [index, { path }] of overlays.entries()) {
      const overlay = await addOverlay(monitor, path, added);
      switches.push({ node: tops[index] ?? '', overlay });
    }
    const actions = switches.map((data) => ({ type: 'blockdev-snapshot', data }));
    await monitor.execute('transaction', { actions });
  } catch (cause) {
    await removeNodes(monitor, added);
    if (!(cause instanceof QmpError)) throw cause;
    throw new AppError('vm/save-failed', `The disks were not switched: ${cause.message}`, {
      cause,
    });
  }
}

/** The nodes that the disks write to now. */
async function findTops(monitor: QmpClient, overlays: readonly VmDiskOverlay[]): Promise<string[]> {
  const blocks = blocksSchema.parse(await monitor.execute('query-block'));
  const tops = overlays.map(({ serial }) => {
    const id = diskDeviceId(serial);
    const block = blocks.find(({ qdev }) => qdev?.split('/').includes(id) === true);
    if (block?.inserted === undefined || block.inserted.ro) {
      throw new AppError('vm/save-failed', `The machine writes to no disk "${serial}".`);
    }
    return block.inserted['node-name'];
  });
  if (new Set(tops).size === tops.length) return tops;
  throw new AppError('vm/save-failed', 'A disk can be switched to one file at a time.');
}

async function addOverlay(monitor: QmpClient, path: string, added: string[]): Promise<string> {
  // Not counted: a later host process does not know how many there were. At most 31 characters.
  const node = `top-${randomBytes(8).toString('hex')}`;
  const file = { node, path, format: 'qcow2', readOnly: false, below: undefined } as const;
  for (const options of fileNodes(file)) {
    await monitor.execute('blockdev-add', options);
    added.unshift(options['node-name']);
  }
  return node;
}

async function removeNodes(monitor: QmpClient, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (monitor.isClosed) return;
    await monitor.execute('blockdev-del', { 'node-name': name }).catch(() => undefined);
  }
}
