/** Whether a sandbox can be suspended, before anything is done. Pure. */
import type { SandboxConfig } from '../../../contract/sandbox-config.ts';
import { AppError } from '../../base/app-error.ts';
import type { RootRecord } from '../../snapshot/root-record.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import type { MachineShape } from './machine-shape.ts';

/**
 * Why the memory of a run cannot be kept, in words for a person; undefined where it can.
 * @param canSave whether the driver can
 */
function whyNotKept(record: SandboxRecord, canSave: boolean): string | undefined {
  const { run, config, root } = record;
  if (run === undefined) return `"${config.name}" does not run.`;
  if (run.sharedBy !== undefined) {
    return `Directories of this machine are shared with "${config.name}" (${sharedWith(config, root)}): the connection to them cannot be kept in a file.`;
  }
  if (!canSave) return 'What runs machines here cannot keep their memory.';
  const below = run.machine?.disks.flatMap((disk) =>
    disk.format === 'none' ? [] : (disk.backing ?? []),
  );
  const vmdk = below?.find(({ format }) => format === 'vmdk');
  if (vmdk !== undefined) {
    return `The disk of "${config.name}" rests on a VMDK (${vmdk.path}), and QEMU saves no machine that has one open.`;
  }
  if (run.machine !== undefined) return undefined;
  return `"${config.name}" was started by an earlier version of Skerry: start it anew once.`;
}

/**
 * What a suspend needs of the run.
 * @throws AppError `suspend/not-possible`
 */
export function checkSuspendable(record: SandboxRecord, canSave: boolean): MachineShape {
  const why = whyNotKept(record, canSave);
  const machine = record.run?.machine;
  if (why === undefined && machine !== undefined) return machine;
  throw new AppError('suspend/not-possible', why ?? 'It is not known what its machine is.');
}

/** Files outside of the sandbox's folder that it writes: nobody else may meanwhile. */
export function writtenElsewhere({ root }: SandboxRecord): string[] {
  return root.kind === 'disk' && !root.isForked ? [root.path] : [];
}

function sharedWith({ volumes }: SandboxConfig, root: RootRecord): string {
  const targets = Object.entries(volumes).flatMap(([target, volume]) =>
    volume.tmpfs === undefined ? [target] : [],
  );
  return [...(root.kind === 'directory' ? ['/'] : []), ...targets].join(', ');
}
