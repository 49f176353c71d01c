/** Files of a guest for tests and for the in-memory host; a test names what matters. */
import type { FileEntry } from '../../main/contract/files.ts';

/** An empty file of root's. */
export function aFileEntry(overrides: Partial<FileEntry> = {}): FileEntry {
  const kind = overrides.kind ?? 'file';
  return {
    name: 'file.txt',
    kind,
    sizeBytes: kind === 'directory' ? 4096 : 0,
    mode: kind === 'directory' ? 0o755 : kind === 'symlink' ? 0o777 : 0o644,
    uid: 0,
    gid: 0,
    user: 'root',
    group: 'root',
    modifiedAtMs: 1_000,
    ...overrides,
  };
}
