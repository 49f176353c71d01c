/** Which block node each disk of a machine has, and giving it another one. */
import { z } from 'zod';
import type { QmpClient } from './qmp.ts';

/** Of QMP's query-block; QEMU, qapi/block-core.json, BlockInfo. */
const blocksSchema = z.array(
  z.object({
    qdev: z.string().optional(),
    inserted: z.object({ 'node-name': z.string().optional() }).optional(),
  }),
);

/** A disk of a machine. */
export interface Drive {
  /** The path of its device. */
  readonly device: string;
  /** The name of the node that it has now. */
  readonly node: string;
}

/** Every disk that has a node. */
export async function listDrives(monitor: QmpClient): Promise<Drive[]> {
  const blocks = blocksSchema.parse(await monitor.execute('query-block'));
  return blocks.flatMap(({ qdev, inserted }) => {
    const node = inserted?.['node-name'];
    if (qdev === undefined || node === undefined) return [];
    return [{ device: devicePath(qdev), node } satisfies Drive];
  });
}

/** Gives a device another node: one that no driver of the guest has, or of a machine that stands still. */
export async function setDrive(monitor: QmpClient, device: string, node: string): Promise<void> {
  await monitor.execute('qom-set', { path: device, property: 'drive', value: node });
}

/** QEMU names the backend within a device of virtio. */
function devicePath(qdev: string): string {
  return qdev.startsWith('/')
    ? qdev.replace(/\/virtio-backend$/, '')
    : `/machine/peripheral/${qdev}`;
}
