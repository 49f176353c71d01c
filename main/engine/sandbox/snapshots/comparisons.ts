/** What differs between snapshots and sandboxes: read once, and told as often as it is asked. */
import type { ChangedFiles } from '../../../contract/files.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { Compared } from '../../../contract/snapshot.ts';
import { AppError } from '../../base/app-error.ts';
import { compareChanges, noChanges, type ChangeList } from '../../snapshot/compare-files.ts';
import type { RootRecord } from '../../snapshot/root-record.ts';
import { bootStages } from '../boot-sandbox.ts';
import type { OperationProgress } from '../operation-tracker.ts';
import type { SandboxLife } from '../sandbox-life.ts';
import {
  changesOfSnapshot,
  checkComparable,
  knownChanges,
  readFrom,
  readStage,
} from './read-changes.ts';
import { baseOf } from './restore-snapshot.ts';
import { lifeNamed, settledRecord, type SnapshotTools } from './snapshot-tools.ts';

/** What is compared: see the contract. */
export interface Comparison {
  readonly from?: { readonly id: string } | undefined;
  readonly to: Compared;
}

/** A sandbox as it was when it was read. */
interface Reading {
  readonly list: ChangeList;
  /** What it was then: another run or another disk is another content. */
  readonly state: string;
}

/** Readings of sandboxes that are kept; the oldest makes way. */
const maxReadings = 32;

/** See the head of this file. */
export class Comparisons {
  readonly #around: SnapshotTools;
  /** By the id of the sandbox. */
  readonly #readings = new Map<string, Reading>();

  constructor(around: SnapshotTools) {
    this.#around = around;
  }

  /**
   * Reads what has not been read yet.
   * @param holding what keeps snapshots from being removed meanwhile
   * @throws AppError `snapshot/not-found`, `snapshot/not-possible`, `sandbox/…`
   */
  compare(
    { from, to }: Comparison,
    holding: <T>(ids: readonly string[], work: () => Promise<T>) => Promise<T>,
  ): Operation {
    const { store, registry, operations } = this.#around;
    this.#checkTogether({ from, to });
    const ids = [...(from === undefined ? [] : [from.id]), ...('id' in to ? [to.id] : [])];
    const snapshots = async (progress: OperationProgress): Promise<void> => {
      for (const id of ids) await changesOfSnapshot(store.get(id), this.#around, progress);
    };
    const stages = [...bootStages, readStage];
    if ('id' in to) {
      const subject = store.get(to.id).name;
      return operations.start('compare', subject, stages, (progress) =>
        holding(ids, () => snapshots(progress)),
      );
    }
    const life = lifeNamed(registry, to.sandbox);
    return registry.operate(life, 'compare', stages, (progress) =>
      holding(ids, async () => {
        await snapshots(progress);
        await this.#read(life, progress);
      }),
    );
  }

  /** @throws AppError `snapshot/not-compared` and as {@link compare} */
  async changes({ from, to }: Comparison): Promise<ChangedFiles> {
    this.#checkTogether({ from, to }, false);
    const before = from === undefined ? noChanges : await this.#ofSnapshot(from.id);
    const after = 'id' in to ? await this.#ofSnapshot(to.id) : this.#ofSandbox(to.sandbox);
    return compareChanges(before, after);
  }

  async #read(life: SandboxLife, progress: OperationProgress): Promise<void> {
    const { record } = life;
    if (record === undefined) throw new Error('A sandbox that is compared has a record.');
    const list = await readFrom(() => life.openDiskReader(record, progress), progress);
    this.#readings.delete(life.id);
    this.#readings.set(life.id, { list, state: stateOf(life) });
    for (const id of this.#readings.keys()) {
      if (this.#readings.size <= maxReadings) break;
      this.#readings.delete(id);
    }
  }

  async #ofSnapshot(id: string): Promise<ChangeList> {
    const { store } = this.#around;
    const known = await knownChanges(store.files(store.get(id).id).changes);
    if (known !== undefined) return known;
    throw notCompared(`The snapshot "${store.get(id).name}" was not read yet.`);
  }

  #ofSandbox(name: string): ChangeList {
    const life = lifeNamed(this.#around.registry, name);
    const reading = this.#readings.get(life.id);
    if (reading === undefined) throw notCompared(`"${name}" was not read yet.`);
    if (reading.state === stateOf(life)) return reading.list;
    throw notCompared(`"${name}" has gone on since it was read.`);
  }

  /** Two disks can be compared that rest on one thing. */
  #checkTogether({ from, to }: Comparison, settles = true): void {
    const { store, registry } = this.#around;
    const roots: RootRecord[] = from === undefined ? [] : [store.get(from.id).root];
    if ('id' in to) {
      roots.push(store.get(to.id).root);
    } else {
      const life = lifeNamed(registry, to.sandbox);
      const record = settles ? settledRecord(life) : life.record;
      if (record !== undefined) roots.push(record.root);
      if (settles && (life.state === 'paused' || life.state === 'suspended')) {
        throw new AppError(`sandbox/${life.state}`, `"${to.sandbox}" is ${life.state}.`);
      }
    }
    for (const root of roots) checkComparable(root);
    const [one, other] = roots;
    if (one === undefined || other === undefined || baseOf(one) === baseOf(other)) return;
    const message = 'The two rest on different things, and all of them differs.';
    throw new AppError('snapshot/not-possible', message, {
      hint: 'Compare each with what it began with.',
    });
  }
}

/** A sandbox that was not started, stopped or put back since has this text still. */
function stateOf({ record }: SandboxLife): string {
  const disk = record?.disk?.map(({ name }) => name) ?? [];
  return JSON.stringify([record?.run?.startedAtMs, record?.basedOn, disk]);
}

function notCompared(message: string): AppError {
  return new AppError('snapshot/not-compared', message);
}
