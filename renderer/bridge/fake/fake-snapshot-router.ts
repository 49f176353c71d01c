import { implement } from '@orpc/server';
import { contract } from '../../../main/contract/contract.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import type { FakeHost } from './fake-host.ts';

const os = implement(contract).snapshots;

/** Binds the procedures of snapshots. */
export function createFakeSnapshotRouter(host: FakeHost, find: (name: string) => Sandbox) {
  const { snapshots } = host;
  return {
    list: os.list.handler(() => [...snapshots.all]),
    create: os.create.handler(({ input }) =>
      snapshots.take(find(input.name), input.as, input.withMemory),
    ),
    rename: os.rename.handler(({ input }) => snapshots.rename(input.id, input.name)),
    remove: os.remove.handler(({ input }) => {
      snapshots.remove(input.id);
    }),
    restore: os.restore.handler(({ input }) => {
      const name = input.name ?? snapshots.find(input.id).sandbox.name;
      return snapshots.restore(find(name), input.id, input.withMemory);
    }),
    branch: os.branch.handler(({ input }) =>
      snapshots.branch(input.from, input.as, input.withMemory),
    ),
    compare: os.compare.handler(({ input }) => snapshots.compare(input)),
    changes: os.changes.handler(({ input }) => snapshots.changes(input)),
  };
}
