/** Sandboxes that go on from what was kept of another one, each by itself. */
import { listenerOf, parsePortMapping } from '../../../contract/config/port-mapping.ts';
import type { SandboxConfig } from '../../../contract/sandbox-config.ts';
import { toErrorData } from '../../base/app-error.ts';
import { Limiter } from '../../base/limiter.ts';
import type { OperationProgress, PlannedStage } from '../operation-tracker.ts';
import type { SandboxRegistry } from '../sandbox-creation.ts';
import type { SandboxLife } from '../sandbox-life.ts';
import type { SandboxRecord } from '../sandbox-record.ts';
import type { SnapshotTools } from './snapshot-tools.ts';
import { takeUpDisk, takeUpMemory, type KeptState } from './take-up-snapshot.ts';

/** More at once would only wait for each other. */
const atOnce = 4;

/** What all branches of one request begin with. */
export interface BranchOrigin extends Pick<
  SandboxRecord,
  'root' | 'isPatched' | 'basedOn' | 'branchedFrom'
> {
  readonly kept: KeptState;
  /** With its memory; else they boot. */
  readonly goesOn: boolean;
}

/** A stage for each new sandbox. */
export function branchStages(names: readonly string[]): PlannedStage[] {
  return names.map((name) => ({ key: stageOf(name), label: `Branch ${name}` }));
}

/**
 * The configuration of a branch: a port of the host has one owner, so that those which a sandbox
 * that runs has are left out.
 */
export function branchConfig(
  config: SandboxConfig,
  name: string,
  taken: ReadonlySet<string>,
): { readonly config: SandboxConfig; readonly leftOut: readonly string[] } {
  const isTaken = (port: string): boolean => taken.has(hostPlace(port));
  const ports = config.network.ports.filter((port) => !isTaken(port));
  return {
    config: { ...config, name, network: { ...config.network, ports } },
    leftOut: config.network.ports.filter(isTaken),
  };
}

/** What sandboxes that run, or go on from their memory, publish at the host. */
export function takenPorts(registry: Pick<SandboxRegistry, 'all'>): Set<string> {
  const alive = registry.all().filter((life) => !life.isIdle);
  return new Set(alive.flatMap(({ config }) => config.network.ports.map(hostPlace)));
}

/** Of a published port: what is listened on. */
export function hostPlace(port: string): string {
  const mapping = parsePortMapping(port);
  return mapping === undefined ? port : listenerOf(mapping);
}

/**
 * Makes all of them. One that fails is removed, and the others stay; the error is thrown where none
 * is left, and told in the output of the operation else.
 * @returns the names of those that run
 */
export async function makeBranches(
  lives: readonly SandboxLife[],
  origin: BranchOrigin,
  { tools, registry }: Pick<SnapshotTools, 'tools' | 'registry'>,
  progress: OperationProgress,
): Promise<string[]> {
  const turns = new Limiter(atOnce);
  const failures: unknown[] = [];
  const made = await Promise.all(
    lives.map((life) =>
      turns.run(async () => {
        const { name } = life.config;
        const stage = stageOf(name);
        try {
          progress.signal.throwIfAborted();
          progress.begin(stage);
          await makeBranch(life, origin, tools, within(progress, stage), stage);
          life.operationId = undefined;
          progress.finish(stage);
          return [name];
        } catch (error) {
          await registry.forget(life);
          failures.push(error);
          progress.output(`${name}: ${toErrorData(error).message}\n`);
          return [];
        }
      }),
    ),
  );
  progress.signal.throwIfAborted();
  const names = made.flat();
  if (names.length === 0) throw failures[0];
  return names;
}

async function makeBranch(
  life: SandboxLife,
  { kept, goesOn, ...about }: BranchOrigin,
  tools: SnapshotTools['tools'],
  progress: OperationProgress,
  stage: string,
): Promise<void> {
  const { id, createdAtMs, config } = life;
  const record: SandboxRecord = {
    ...{ version: 2, id, phase: 'creating', config, createdAtMs, isNewcomer: true },
    ...about,
  };
  await tools.records.save(record);
  const files = tools.records.files(id);
  const disk = await takeUpDisk(kept, files, progress, stage);
  const whole = { ...record, disk: [...disk] };
  if (!goesOn) {
    life.record = whole;
    await life.boot(whole, progress);
    return;
  }
  const memory = await takeUpMemory(kept, disk, files);
  // From here on it is whole: a host that ends now leaves one that is suspended.
  await life.putBack({ ...whole, phase: 'ready', ...memory });
  await life.goOn(progress);
}

function stageOf(name: string): string {
  return `branch:${name}`;
}

/** The stages of a start are notes of the one stage that the branch has. */
function within(progress: OperationProgress, stage: string): OperationProgress {
  return {
    ...progress,
    begin: (key) => {
      progress.update(stage, { note: key });
    },
    update: (key, { note }) => {
      if (key === stage && note !== undefined) progress.update(stage, { note });
    },
    finish: () => undefined,
    skip: () => undefined,
    addAfter: () => undefined,
  };
}
