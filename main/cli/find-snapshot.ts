/** How people name snapshots: `SANDBOX@NAME`, or by their id. Pure. */
import { clientError } from '../server/client/client-error.ts';
import type { Compared, Snapshot } from '../contract/snapshot.ts';

/** @throws ClientError `snapshot/not-found` where none, or more than one, is named so */
export function findSnapshot(snapshots: readonly Snapshot[], text: string): Snapshot {
  const found = snapshots.filter(
    ({ id, name, sandbox }) => id === text || `${sandbox.name}@${name}` === text,
  );
  const [one, other] = found;
  if (one !== undefined && other === undefined) return one;
  if (one === undefined) throw clientError('snapshot/not-found', `No snapshot is "${text}".`);
  const ids = found.map(({ id }) => id).join(', ');
  throw clientError('snapshot/not-found', `Several snapshots are "${text}": ${ids}.`);
}

/** A snapshot, or what can be none: the name of a sandbox. @throws as {@link findSnapshot} */
export function findCompared(snapshots: readonly Snapshot[], text: string): Compared {
  const isSnapshot = text.includes('@') || snapshots.some(({ id }) => id === text);
  return isSnapshot ? { id: findSnapshot(snapshots, text).id } : { sandbox: text };
}
