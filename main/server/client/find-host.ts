import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A host process as the lock of its state directory names it. */
export interface KnownHost {
  readonly pid: number;
  readonly socket: string;
}

/**
 * Who owns the state directory, by its lock. A dead owner may still be named: only a connection
 * shows that it lives.
 */
export async function findHost(stateDir: string): Promise<KnownHost | undefined> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path.join(stateDir, 'host.json'), 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const { pid, socket } = json as Record<string, unknown>;
  return typeof pid === 'number' && typeof socket === 'string' ? { pid, socket } : undefined;
}
