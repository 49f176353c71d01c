import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { RootRecord } from '../snapshot/root-record.ts';

/** Whether the sandbox has a writable disk of its own above its root. */
export function hasUpperDisk(config: SandboxConfig, root: RootRecord): boolean {
  return root.kind === 'image' || (root.kind === 'directory' && config.root.access === 'ro');
}
