/** What the engine offers of snapshots and templates; parts of its interface. */
import type { z } from 'zod';
import type { ChangedFiles } from '../contract/files.ts';
import type { Operation } from '../contract/operation.ts';
import type { Snapshot, snapshotInputs } from '../contract/snapshot.ts';
import type { Template } from '../contract/template.ts';

type SnapshotInput<Name extends keyof typeof snapshotInputs> = z.output<
  (typeof snapshotInputs)[Name]
>;

/** See `snapshots` of the contract. */
export interface SnapshotCalls {
  /** The earliest first. */
  list(): Snapshot[];
  create(request: SnapshotInput<'create'>): Promise<Operation>;
  rename(id: string, name: string): Promise<Snapshot>;
  remove(id: string): Promise<void>;
  restore(request: SnapshotInput<'restore'>): Promise<Operation>;
  branch(request: SnapshotInput<'branch'>): Promise<Operation>;
  compare(request: SnapshotInput<'comparison'>): Promise<Operation>;
  changes(request: SnapshotInput<'comparison'>): Promise<ChangedFiles>;
}

/** See `host.templates` of the contract. */
export interface TemplateCalls {
  /** The one that was used last first. */
  list(): Promise<Template[]>;
  clear(): Promise<void>;
}
