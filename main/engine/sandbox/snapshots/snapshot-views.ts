/** Snapshots as clients see them, with what each takes on the host now. */
import { stat } from 'node:fs/promises';
import type { Snapshot } from '../../../contract/snapshot.ts';
import { Limiter } from '../../base/limiter.ts';
import { chainSizes, missingFiles } from '../../snapshot/chain-files.ts';
import type { SnapshotRecord } from '../../snapshot/snapshot-record.ts';
import type { SnapshotStore } from '../../snapshot/snapshot-store.ts';
import { statePathOf } from '../power/saved-machine.ts';
import { memoryProblem, type PresentTools } from './take-up-snapshot.ts';

type Measured = Pick<Snapshot, 'diskBytes' | 'ownDiskBytes' | 'memoryBytes' | 'memoryProblem'>;

const blockBytes = 512;
const atOnce = 8;
const unmeasured: Measured = { diskBytes: 0, ownDiskBytes: 0, memoryBytes: 0 };

/** See the head of this file. What was measured is kept until it is measured again. */
export class SnapshotViews {
  readonly #store: SnapshotStore;
  readonly #tools: PresentTools;
  readonly #onChange: (snapshots: Snapshot[]) => void;
  #measured = new Map<string, Measured>();
  #measuring: Promise<void> = Promise.resolve();

  constructor(
    store: SnapshotStore,
    tools: PresentTools,
    onChange: (snapshots: Snapshot[]) => void,
  ) {
    this.#store = store;
    this.#tools = tools;
    this.#onChange = onChange;
  }

  list(): Snapshot[] {
    return this.#store.list().map((record) => this.#view(record));
  }

  of(id: string): Snapshot {
    return this.#view(this.#store.get(id));
  }

  /** Measures all of them anew and tells those who listen; one after the other. */
  refresh(): Promise<void> {
    this.#measuring = this.#measuring.then(async () => {
      const turns = new Limiter(atOnce);
      const entries = await Promise.all(
        this.#store
          .list()
          .map((record) =>
            turns.run(async () => [record.id, await this.#measure(record)] as const),
          ),
      );
      this.#measured = new Map(entries);
      this.#onChange(this.list());
    });
    return this.#measuring;
  }

  #view(record: SnapshotRecord): Snapshot {
    const { id, name, sandbox, parentId, createdAtMs, config, hasMemory } = record;
    return {
      ...{ id, name, sandbox, createdAtMs, config, hasMemory },
      ...(parentId === undefined ? {} : { parentId }),
      ...(this.#measured.get(id) ?? unmeasured),
    };
  }

  async #measure({ id, disk, hasMemory }: SnapshotRecord): Promise<Measured> {
    const files = this.#store.files(id);
    const [sizes, [missing]] = await Promise.all([
      chainSizes(files.dir, disk),
      missingFiles(files.dir, disk),
    ]);
    const measured = { diskBytes: sizes.bytes, ownDiskBytes: sizes.ownBytes };
    if (!hasMemory) return { ...measured, memoryBytes: 0 };
    const state = await stat(statePathOf(files.memoryDir)).catch(() => undefined);
    const problem =
      missing === undefined
        ? await memoryProblem(files, this.#tools)
        : `${missing} is not there any more.`;
    return {
      ...measured,
      memoryBytes: (state?.blocks ?? 0) * blockBytes,
      ...(problem === undefined ? {} : { memoryProblem: problem }),
    };
  }
}
