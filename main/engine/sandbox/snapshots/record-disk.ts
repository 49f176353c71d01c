/** A record whose disk consists of other files than before. Pure. */
import type { DiskChain } from '../../snapshot/disk-chain.ts';
import type { RootRecord } from '../../snapshot/root-record.ts';
import { belowDisk } from '../disk-of-record.ts';
import type { MachineShape } from '../power/machine-shape.ts';
import type { SandboxRecord } from '../sandbox-record.ts';

/** Serial of the disk that a sandbox writes. */
export function writtenSerial(root: RootRecord): string {
  return root.kind === 'disk' ? 'root' : 'upper';
}

/** With what its machine has of that disk, where one runs. */
export function withDisk(record: SandboxRecord, disk: DiskChain): SandboxRecord {
  const changed = { ...record, disk: [...disk] };
  const { run } = record;
  if (run?.machine === undefined) return changed;
  return { ...changed, run: { ...run, machine: shapeWithDisk(run.machine, record.root, disk) } };
}

/** A machine of this shape in a folder where its disk consists of these files. */
export function shapeWithDisk(
  shape: MachineShape,
  root: RootRecord,
  chain: DiskChain,
): MachineShape {
  const serial = writtenSerial(root);
  const [top, ...lower] = chain.map(({ name, format }) => ({ path: name, format }));
  if (top === undefined) throw new Error('A disk has a file.');
  const backing = [...lower, ...belowDisk(root, chain)];
  return {
    ...shape,
    disks: shape.disks.map((disk) =>
      disk.serial === serial
        ? { serial, ...top, readOnly: false, ...(backing.length === 0 ? {} : { backing }) }
        : disk,
    ),
  };
}
