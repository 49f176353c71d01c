/**
 * QEMU saves no machine that has a disk in the format vmdk open (block/vmdk.c), not even one that is
 * only read. Such a disk is taken from a machine that stands still, and given back before it runs:
 * an empty node stands in for it, and the node of its file stays, so that whoever finds the machine
 * later has all it needs to give it back.
 */
import { z } from 'zod';
import { listDrives, setDrive } from './drives.ts';
import type { QmpClient } from './qmp.ts';

const nodesSchema = z.array(
  z.object({
    'node-name': z.string(),
    drv: z.string(),
    ro: z.boolean(),
    image: z.object({ 'virtual-size': z.number() }),
  }),
);

/** Ends the name of a node that stands in for another. */
const standInSuffix = '-away';

/** Takes every disk in the format vmdk from a machine that stands still. */
export async function takeVmdksAway(monitor: QmpClient): Promise<void> {
  const [nodes, drives] = await Promise.all([allNodes(monitor), listDrives(monitor)]);
  for (const { node, device } of drives) {
    const found = nodes.get(node);
    if (found?.drv !== 'vmdk' || !found.ro) continue;
    await monitor.execute('blockdev-add', {
      'node-name': `${node}${standInSuffix}`,
      driver: 'null-co',
      size: found.image['virtual-size'],
      'read-zeroes': true,
      'read-only': true,
    });
    await setDrive(monitor, device, `${node}${standInSuffix}`);
    await monitor.execute('blockdev-del', { 'node-name': node });
  }
}

/** Gives back what was taken; nothing where nothing is missing. */
export async function giveVmdksBack(monitor: QmpClient): Promise<void> {
  for (const { node: standIn, device } of await listDrives(monitor)) {
    if (!standIn.endsWith(standInSuffix)) continue;
    const node = standIn.slice(0, -standInSuffix.length);
    await monitor.execute('blockdev-add', vmdkNode(node));
    await setDrive(monitor, device, node);
    await monitor.execute('blockdev-del', { 'node-name': standIn });
  }
}

/** As `fileNodes` has it, above the node of the file. */
function vmdkNode(node: string): Record<string, unknown> {
  return {
    'node-name': node,
    driver: 'vmdk',
    file: `${node}-file`,
    backing: null,
    'read-only': true,
    discard: 'ignore',
  };
}

async function allNodes(monitor: QmpClient) {
  const nodes = nodesSchema.parse(await monitor.execute('query-named-block-nodes', { flat: true }));
  return new Map(nodes.map((node) => [node['node-name'], node]));
}
