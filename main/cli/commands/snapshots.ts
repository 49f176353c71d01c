import type { ChangedFiles } from '../../contract/files.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { withHost } from '../connect.ts';
import { findCompared, findSnapshot } from '../find-snapshot.ts';
import { followOperation } from '../follow-operation.ts';
import { formatAge, formatBytes, formatTable } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** Of commands that use a memory where there is one. */
export type DiskOnlyOption = JsonOption & { readonly diskOnly?: boolean };

/** `skerry snapshot` */
export function takeSnapshot(
  name: string,
  as: string | undefined,
  { diskOnly, json }: DiskOnlyOption,
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { snapshots } = host.procedures;
    const request = { name, ...(as === undefined ? {} : { as }), ...memoryOf(diskOnly) };
    const { outcome } = await followOperation(host, await snapshots.create(request), interrupts);
    const taken = findSnapshot(await snapshots.list(), outcome?.snapshotId ?? '');
    if (json === true) await printJson(taken);
    else await print(`${taken.sandbox.name}@${taken.name}\n`);
    return 0;
  });
}

/** `skerry snapshots` */
export function listSnapshots(name: string | undefined, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const all = await host.procedures.snapshots.list();
    const wanted = all.filter(({ sandbox }) => name === undefined || sandbox.name === name);
    if (json === true) await printJson(wanted);
    else await print(snapshotsTree(wanted, Date.now()));
    return 0;
  });
}

/** `skerry snapshot-rm`: one after the other; stops at the first that cannot be removed. */
export function removeSnapshots(names: readonly string[]): Promise<number> {
  return withHost(async (host) => {
    const { snapshots } = host.procedures;
    for (const name of names) {
      await snapshots.remove({ id: findSnapshot(await snapshots.list(), name).id });
    }
    return 0;
  });
}

/** `skerry snapshot-rename` */
export function renameSnapshot(name: string, as: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const { snapshots } = host.procedures;
    const { id } = findSnapshot(await snapshots.list(), name);
    const renamed = await snapshots.rename({ id, name: as });
    if (json === true) await printJson(renamed);
    return 0;
  });
}

/** `skerry restore` */
export function restoreSnapshot(
  name: string,
  { diskOnly, json, to }: DiskOnlyOption & { readonly to?: string },
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { snapshots, sandboxes } = host.procedures;
    const { id, sandbox } = findSnapshot(await snapshots.list(), name);
    const request = { id, ...(to === undefined ? {} : { name: to }), ...memoryOf(diskOnly) };
    const { subject } = await followOperation(host, await snapshots.restore(request), interrupts);
    if (json === true) await printJson(await sandboxes.inspect({ name: subject || sandbox.name }));
    return 0;
  });
}

/** `skerry branch` */
export function branch(
  from: string,
  as: readonly string[],
  { diskOnly, json }: DiskOnlyOption,
): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { snapshots, sandboxes } = host.procedures;
    const origin = findCompared(await snapshots.list(), from);
    const request = { from: origin, as: [...as], ...memoryOf(diskOnly) };
    const { outcome } = await followOperation(host, await snapshots.branch(request), interrupts);
    const names = outcome?.sandboxes ?? [];
    if (json === true) {
      await printJson(await Promise.all(names.map((name) => sandboxes.inspect({ name }))));
    } else {
      await print(names.map((name) => `${name}\n`).join(''));
    }
    // One that could not be made leaves the others.
    return names.length === as.length ? 0 : 1;
  });
}

/** `skerry diff`: `a` with what it began with, or with what came after it. */
export function diff(a: string, b: string | undefined, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { snapshots } = host.procedures;
    const all = await snapshots.list();
    const comparison =
      b === undefined
        ? { to: findCompared(all, a) }
        : { from: { id: findSnapshot(all, a).id }, to: findCompared(all, b) };
    await followOperation(host, await snapshots.compare(comparison), interrupts);
    const changes = await snapshots.changes(comparison);
    if (json === true) await printJson(changes);
    else await print(changesTable(changes));
    return 0;
  });
}

function memoryOf(diskOnly: boolean | undefined): { withMemory?: false } {
  return diskOnly === true ? { withMemory: false } : {};
}

/** A line for each, below the one that it went on from. */
export function snapshotsTree(snapshots: readonly Snapshot[], nowMs: number): string {
  const known = new Set(snapshots.map(({ id }) => id));
  const rows: string[][] = [['SNAPSHOT', 'ID', 'TAKEN', 'DISK', 'OWN', 'MEMORY']];
  const add = (parentId: string | undefined, depth: number): void => {
    for (const one of snapshots) {
      const parent =
        one.parentId !== undefined && known.has(one.parentId) ? one.parentId : undefined;
      if (parent !== parentId) continue;
      rows.push([
        `${'  '.repeat(depth)}${one.sandbox.name}@${one.name}`,
        one.id,
        `${formatAge(one.createdAtMs, nowMs)} ago`,
        formatBytes(one.diskBytes),
        formatBytes(one.ownDiskBytes),
        memoryText(one),
      ]);
      add(one.id, depth + 1);
    }
  };
  add(undefined, 0);
  return formatTable(rows);
}

function memoryText({ hasMemory, memoryBytes, memoryProblem }: Snapshot): string {
  if (!hasMemory) return '-';
  return memoryProblem === undefined ? formatBytes(memoryBytes) : `unusable: ${memoryProblem}`;
}

const signs = { added: 'A', modified: 'M', removed: 'D' } as const;

/** `A /path`, as version control has it. */
export function changesTable({ files, isTruncated }: ChangedFiles): string {
  const rows = files.map(({ change, path }) => [signs[change], path]);
  const more = isTruncated ? 'There are more, which are not listed.\n' : '';
  return `${formatTable(rows)}${more}`;
}
