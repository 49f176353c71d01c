/** A sandbox's folder and a store of snapshots, without a sandbox: for trials of disk chains. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { silentLogger } from '../../base/logger.ts';
import { aConfig } from '../../testing/a-config.ts';
import { removeStrayFiles } from '../chain-files.ts';
import { diskChainSchema, type DiskChain } from '../disk-chain.ts';
import { adoptChain, freezeChain } from '../freeze-chain.ts';
import type { SnapshotRecord } from '../snapshot-record.ts';
import { SnapshotStore } from '../snapshot-store.ts';

/** What is recorded of the sandbox whose disk it is. */
const sandbox = { id: '0123456789', name: 'web' };

/** See the head of this file. */
export class ChainHome {
  readonly dir: string;
  readonly sandboxDir: string;

  constructor(dir: string) {
    this.dir = dir;
    this.sandboxDir = path.join(dir, 'sandbox');
  }

  /** The disk that the record of the sandbox names. */
  async chain(): Promise<DiskChain> {
    const text = await readFile(path.join(this.sandboxDir, 'record.json'), 'utf8');
    return diskChainSchema.parse(JSON.parse(text));
  }

  async save(chain: DiskChain): Promise<void> {
    await mkdir(this.sandboxDir, { recursive: true });
    await writeFileAtomic(path.join(this.sandboxDir, 'record.json'), JSON.stringify(chain));
  }

  store(): Promise<SnapshotStore> {
    return SnapshotStore.open(path.join(this.dir, 'snapshots'), silentLogger);
  }

  /** As the next host process does. */
  async cleanUp(): Promise<void> {
    await removeStrayFiles(this.sandboxDir, await this.chain());
    await this.store();
  }

  /** Takes a snapshot of the disk. */
  async freeze(): Promise<SnapshotRecord> {
    const store = await this.store();
    const staged = await store.stage();
    const owner = {
      dir: this.sandboxDir,
      chain: await this.chain(),
      save: (chain: DiskChain) => this.save(chain),
    };
    const disk = await freezeChain(owner, staged.files.dir, (work) => work());
    return store.publish(staged, {
      ...{ name: `at ${String(Date.now())}-${staged.id}`, sandbox, createdAtMs: Date.now() },
      ...{ config: aConfig(), isPatched: true, hasMemory: false, disk: [...disk] },
      root: { kind: 'directory', path: '/below' },
    });
  }

  /** Puts the sandbox back to its first snapshot. */
  async adopt(): Promise<void> {
    const store = await this.store();
    const [snapshot] = store.list();
    if (snapshot === undefined) throw new Error('There is no snapshot.');
    const from = store.files(snapshot.id).dir;
    await this.save(await adoptChain(from, snapshot.disk, this.sandboxDir, { below: [] }));
    await removeStrayFiles(this.sandboxDir, await this.chain());
  }

  /** Removes the first snapshot. */
  async remove(): Promise<void> {
    const store = await this.store();
    const [snapshot] = store.list();
    if (snapshot === undefined) throw new Error('There is no snapshot.');
    await store.remove(snapshot.id);
  }
}
