/** Machines of the guest of line-guest.ts, each with a writable disk of one mebibyte. */
import { mkdtemp, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VmFileDisk, VmSpec } from '../vm/driver.ts';
import type { LineGuest } from './line-guest.ts';
import { runTool } from './run-tool.ts';

/** A machine and the file of its disk. */
export interface LineMachine {
  readonly spec: VmSpec;
  readonly disk: VmFileDisk;
  /** A path in a directory of the machine's own. */
  readonly at: (name: string) => string;
}

/** Plans one; what it makes is below `folder`. */
export async function makeLineMachine(
  folder: string,
  guest: LineGuest,
  id: string,
): Promise<LineMachine> {
  const directory = await mkdtemp(join(folder, 'm-'));
  const at = (name: string): string => join(directory, name);
  const path = at('disk, with a comma.raw');
  await writeFile(path, '');
  await truncate(path, 1024 * 1024);
  const disk = { serial: 'upper', path, format: 'raw', readOnly: false } as const;
  const spec: VmSpec = {
    id,
    cpus: 1,
    memoryMiB: 256,
    accelerator: 'tcg',
    ...guest,
    disks: [disk],
    runtimeDir: at('run'),
    consoleLogPath: at('console.log'),
    monitorLogPath: at('monitor.log'),
  };
  return { spec, disk, at };
}

/** Makes an empty qcow2 as large as that disk. */
export async function makeEmptyOverlay(path: string): Promise<void> {
  await runTool('qemu-img', ['create', '-q', '-f', 'qcow2', path, '1M']);
}
