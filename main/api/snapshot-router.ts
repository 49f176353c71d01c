import type { ImplementerInternalWithMiddlewares, Router as OrpcRouter } from '@orpc/server';
import type { contract } from '../contract/contract.ts';
import type { Engine } from '../engine/index.ts';

type NoContext = object;
type SnapshotContract = (typeof contract)['snapshots'];

/** Binds the procedures of snapshots to the engine; a part of the router. */
export function createSnapshotRouter(
  snapshots: ImplementerInternalWithMiddlewares<SnapshotContract, NoContext, NoContext>,
  { snapshots: engine }: Pick<Engine, 'snapshots'>,
): OrpcRouter<SnapshotContract, NoContext> {
  return {
    list: snapshots.list.handler(() => engine.list()),
    create: snapshots.create.handler(({ input }) => engine.create(input)),
    rename: snapshots.rename.handler(({ input }) => engine.rename(input.id, input.name)),
    remove: snapshots.remove.handler(({ input }) => engine.remove(input.id)),
    restore: snapshots.restore.handler(({ input }) => engine.restore(input)),
    branch: snapshots.branch.handler(({ input }) => engine.branch(input)),
    compare: snapshots.compare.handler(({ input }) => engine.compare(input)),
    changes: snapshots.changes.handler(({ input }) => engine.changes(input)),
  };
}
