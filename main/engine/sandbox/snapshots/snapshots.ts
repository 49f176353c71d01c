/** The snapshots of a state directory: what may be asked of them, and when. */
import type { ChangedFiles } from '../../../contract/files.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { Snapshot } from '../../../contract/snapshot.ts';
import { AppError } from '../../base/app-error.ts';
import type { SnapshotCalls } from '../../snapshot-calls.ts';
import type { SnapshotRecord } from '../../snapshot/snapshot-record.ts';
import type { DiskUser } from '../disk-users.ts';
import { RecordPins } from '../image-pins.ts';
import type { ImagePins } from '../../image/upkeep/collector.ts';
import { nameTaken, newLife } from '../sandbox-creation.ts';
import type { SandboxLife } from '../sandbox-life.ts';
import {
  branchConfig,
  branchStages,
  hostPlace,
  makeBranches,
  takenPorts,
  type BranchOrigin,
} from './branch-sandbox.ts';
import { Comparisons, type Comparison } from './comparisons.ts';
import { decideMemory, keepSandbox, keepStages } from './keep-sandbox.ts';
import { checkRestorable, restoreSnapshot, restoreStages } from './restore-snapshot.ts';
import { keepableDisk } from './snapshot-limits.ts';
import { lifeNamed, settledRecord, type SnapshotTools } from './snapshot-tools.ts';
import { SnapshotViews } from './snapshot-views.ts';
import { takeSnapshot, type WantedSnapshot } from './take-snapshot.ts';
import { decideGoingOn, type KeptState } from './take-up-snapshot.ts';

/** What is heard of snapshots. */
export interface SnapshotNews {
  readonly onChange: (snapshots: Snapshot[]) => void;
  /** Digest of an image that a snapshot needed which is gone. */
  readonly onImageReleased: (digest: string) => void;
}

/** See the head of this file. */
export class Snapshots implements SnapshotCalls {
  readonly #around: SnapshotTools;
  readonly #news: SnapshotNews;
  readonly #views: SnapshotViews;
  readonly #comparisons: Comparisons;
  readonly #pins = new RecordPins();
  /** Ids of snapshots that something is made of now, as often as that is. */
  readonly #held: string[] = [];

  private constructor(around: SnapshotTools, news: SnapshotNews) {
    this.#around = around;
    this.#news = news;
    this.#views = new SnapshotViews(around.store, around.tools, news.onChange);
    this.#comparisons = new Comparisons(around);
  }

  static async open(around: SnapshotTools, news: SnapshotNews): Promise<Snapshots> {
    const snapshots = new Snapshots(around, news);
    for (const record of around.store.list()) snapshots.#pin(record);
    for (const { dir } of around.store.unreadable) await snapshots.#pins.addUnreadable(dir);
    await snapshots.#views.refresh();
    return snapshots;
  }

  /** Images that snapshots need. */
  imagePins(): ImagePins {
    return this.#pins.get();
  }

  /** To be called when files may be shared with fewer than before. */
  async sharesChanged(): Promise<void> {
    if (this.#around.store.list().length > 0) await this.#views.refresh();
  }

  list(): Snapshot[] {
    return this.#views.list();
  }

  async create({ name, as, withMemory }: Parameters<SnapshotCalls['create']>[0]) {
    await Promise.resolve();
    const { store, registry } = this.#around;
    const life = lifeNamed(registry, name);
    keepableDisk(settledRecord(life));
    const hasMemory = decideMemory(life, withMemory);
    const label = as ?? this.#freeName(life.id);
    store.checkName(life.id, label);
    const stages = keepStages.filter(({ key }) => hasMemory || key !== 'memory');
    return registry.operate(life, 'snapshot', stages, async (progress) => {
      const onAbout: WantedSnapshot['onAbout'] = (record) => {
        this.#pin(record);
      };
      try {
        await takeSnapshot(life, { name: label, hasMemory, onAbout }, this.#around, progress);
      } finally {
        life.announce();
        await this.#views.refresh();
      }
    });
  }

  async rename(id: string, name: string): Promise<Snapshot> {
    await this.#around.store.rename(id, name);
    this.#news.onChange(this.list());
    return this.#views.of(id);
  }

  async remove(id: string): Promise<void> {
    const { store, registry } = this.#around;
    const { name, parentId } = store.get(id);
    if (this.#held.includes(id)) {
      throw new AppError('sandbox/busy', `Something is made of the snapshot "${name}" now.`);
    }
    await store.remove(id);
    for (const life of registry.all()) {
      if (life.record?.basedOn !== id) continue;
      await life.amend(({ basedOn: _removed, ...record }) =>
        parentId === undefined ? record : { ...record, basedOn: parentId },
      );
      life.announce();
    }
    const digest = this.#pins.delete(id);
    if (digest !== undefined) this.#news.onImageReleased(digest);
    await this.#views.refresh();
  }

  async restore({ id, name, withMemory }: Parameters<SnapshotCalls['restore']>[0]) {
    const { store, registry, operations, tools } = this.#around;
    const snapshot = store.get(id);
    const life = name === undefined ? this.#takenOf(snapshot) : lifeNamed(registry, name);
    const kept = this.#kept(snapshot);
    if (life.record === undefined) settledRecord(life);
    else checkRestorable(life.record, snapshot);
    const goesOn = await decideGoingOn(kept, withMemory, tools);
    if (life.operationId !== undefined) await operations.cancel(life.operationId);
    settledRecord(life);
    return registry.operate(life, 'restore', restoreStages(goesOn), (progress) =>
      this.#holding([id], async () => {
        try {
          await restoreSnapshot(life, snapshot, kept, goesOn, this.#around, progress);
        } finally {
          await this.#views.refresh();
        }
      }),
    );
  }

  async branch({ from, as, withMemory }: Parameters<SnapshotCalls['branch']>[0]) {
    const { store, tools } = this.#around;
    this.#checkNames(as);
    if ('sandbox' in from) return this.#branchSandbox(from.sandbox, as, withMemory);
    const snapshot = store.get(from.id);
    const kept = this.#kept(snapshot);
    const goesOn = await decideGoingOn(kept, withMemory, tools);
    this.#checkNames(as);
    const { lives, leftOut } = this.#newLives(as, snapshot.config);
    const { root, isPatched } = snapshot;
    const origin = { kept, goesOn, root, isPatched, basedOn: snapshot.id };
    const [first] = lives;
    if (first === undefined) throw new Error('A branch has a name.');
    return this.#operate(first, lives, branchStages(as), async (progress) =>
      this.#holding([snapshot.id], async () => {
        sayLeftOut(leftOut, progress);
        const sandboxes = await makeBranches(lives, origin, this.#around, progress);
        progress.bring({ sandboxes });
      }),
    );
  }

  async compare(comparison: Comparison): Promise<Operation> {
    await Promise.resolve();
    return this.#comparisons.compare(comparison, (ids, work) => this.#holding(ids, work));
  }

  changes(comparison: Comparison): Promise<ChangedFiles> {
    return this.#comparisons.changes(comparison);
  }

  /** Disks that snapshots rest on. */
  diskUsers(): DiskUser[] {
    return this.#around.store
      .list()
      .map(({ name, root }) => ({ name, root, kind: 'snapshot', isAlive: false }));
  }

  /** What is kept for the branches alone is removed when they are there. */
  #branchSandbox(name: string, as: readonly string[], withMemory: boolean | undefined): Operation {
    const { store, registry, tools } = this.#around;
    const source = lifeNamed(registry, name);
    const { root, isPatched, config } = settledRecord(source);
    keepableDisk(settledRecord(source));
    const goesOn = decideMemory(source, withMemory);
    const { lives, leftOut } = this.#newLives(as, config);
    const branchedFrom = { id: source.id, name };
    const stages = keepStages.filter(({ key }) => goesOn || key !== 'memory');
    return this.#operate(source, lives, [...stages, ...branchStages(as)], async (progress) => {
      sayLeftOut(leftOut, progress);
      const staged = await store.stage();
      try {
        const places = { from: tools.records.files(source.id), to: staged.files };
        const { disk } = await keepSandbox(source, places, goesOn, progress);
        source.operationId = undefined;
        const kept: KeptState = { files: staged.files, disk, root, hasMemory: goesOn };
        const origin: BranchOrigin = { kept, goesOn, root, isPatched, branchedFrom };
        const sandboxes = await makeBranches(lives, origin, this.#around, progress);
        progress.bring({ sandboxes });
      } finally {
        await store.discard(staged);
      }
    });
  }

  /** The new sandboxes are at work with the one that the operation is of, and go where it fails. */
  #operate(
    subject: SandboxLife,
    lives: readonly SandboxLife[],
    stages: Parameters<SnapshotTools['registry']['operate']>[2],
    work: Parameters<SnapshotTools['registry']['operate']>[3],
  ): Operation {
    const { registry } = this.#around;
    for (const life of lives) registry.put(life);
    const operation = registry.operate(subject, 'branch', stages, async (progress) => {
      try {
        await work(progress);
      } catch (error) {
        // Those that run stay; those that were not begun go.
        for (const life of lives) {
          const isLeft = life.state === 'creating' && registry.get(life.config.name) === life;
          if (isLeft) await registry.forget(life);
        }
        throw error;
      } finally {
        for (const life of lives) {
          if (life.operationId === operation.id) life.operationId = undefined;
        }
        await this.#views.refresh();
      }
    });
    for (const life of lives) life.operationId = operation.id;
    return operation;
  }

  #newLives(names: readonly string[], config: SnapshotRecord['config']) {
    const { registry, tools } = this.#around;
    const taken = takenPorts(registry);
    const leftOut = new Set<string>();
    const lives = names.map((name) => {
      const branch = branchConfig(config, name, taken);
      for (const port of branch.leftOut) leftOut.add(port);
      for (const port of branch.config.network.ports) taken.add(hostPlace(port));
      return newLife(branch.config, tools);
    });
    return { lives, leftOut: [...leftOut] };
  }

  #checkNames(names: readonly string[]): void {
    for (const [index, name] of names.entries()) {
      if (this.#around.registry.get(name) !== undefined) throw nameTaken(name);
      if (names.indexOf(name) !== index) throw nameTaken(name);
    }
  }

  /** @throws AppError `sandbox/not-found` */
  #takenOf({ sandbox, name }: SnapshotRecord): SandboxLife {
    const life = this.#around.registry.all().find(({ id }) => id === sandbox.id);
    if (life !== undefined) return life;
    const message = `The sandbox "${sandbox.name}", of which "${name}" was taken, is gone.`;
    throw new AppError('sandbox/not-found', message, {
      hint: 'Branch a new sandbox from the snapshot.',
    });
  }

  #kept({ id, disk, root, hasMemory }: SnapshotRecord): KeptState {
    return { files: this.#around.store.files(id), disk, root, hasMemory };
  }

  #pin(record: Pick<SnapshotRecord, 'id' | 'name' | 'config' | 'root'>): void {
    this.#pins.add(record, `${record.config.name} (snapshot ${record.name})`);
  }

  async #holding<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    this.#held.push(...ids);
    try {
      return await work();
    } finally {
      for (const id of ids) this.#held.splice(this.#held.indexOf(id), 1);
    }
  }

  #freeName(sandboxId: string): string {
    const name = momentName(new Date());
    const taken = new Set(
      this.#around.store
        .list()
        .flatMap((record) => (record.sandbox.id === sandboxId ? [record.name] : [])),
    );
    for (let count = 2, free = name; ; count += 1) {
      if (!taken.has(free)) return free;
      free = `${name} - ${String(count)}`;
    }
  }
}

/** `2026-03-01 14.05.09`, in the time of this machine: a name has no colon. */
function momentName(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-');
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join('.');
  return `${day} ${time}`;
}

function sayLeftOut(ports: readonly string[], progress: { output(text: string): void }): void {
  if (ports.length === 0) return;
  progress.output(
    `Published ports that are taken at this machine are left out: ${ports.join(', ')}\n`,
  );
}
