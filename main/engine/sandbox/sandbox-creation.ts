/** How a sandbox comes to be: of a request, in the place of another one, or as a copy. */
import { randomBytes } from 'node:crypto';
import type { Operation } from '../../contract/operation.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import { AppError } from '../base/app-error.ts';
import type { BuiltConfig } from '../config/build-config.ts';
import { problemsError } from '../config/config-problem.ts';
import type { ResolvedRoot } from '../config/look-at-root.ts';
import { copyDisk } from './copy-disks.ts';
import { diskOf } from './disk-of-record.ts';
import { createStages, makeDisks, prepareSandbox, type CreateTools } from './create-sandbox.ts';
import type { OperationProgress, PlannedStage } from './operation-tracker.ts';
import { rootStage } from './images/pull-stages.ts';
import { bootStages } from './boot-sandbox.ts';
import { SandboxLife, type LifeTools } from './sandbox-life.ts';
import type { SandboxRecord } from './sandbox-record.ts';

/** The sandboxes of an engine, as far as making one more is concerned. */
export interface SandboxRegistry {
  get(name: string): SandboxLife | undefined;
  all(): readonly SandboxLife[];
  /** Puts a sandbox under its name and tells those who listen. */
  put(life: SandboxLife): void;
  /** Takes it away with its files, and tells those who listen if it had its name. */
  forget(life: SandboxLife): Promise<void>;
  operate(
    life: SandboxLife,
    kind: Operation['kind'],
    stages: readonly PlannedStage[],
    work: (progress: OperationProgress) => Promise<void>,
  ): Operation;
}

type Tools = LifeTools & CreateTools;

/** How long the machine of a sandbox that is replaced may take to end by itself. */
const replaceGraceMs = 10_000;
const replaceStage: PlannedStage = { key: 'replace', label: 'Stop the earlier sandbox' };

/**
 * Makes a sandbox of a configuration that was looked at.
 * @throws AppError `config/invalid` and the codes of what is wrong; `sandbox/name-taken`, `sandbox/busy`
 */
export function createSandbox(
  built: BuiltConfig,
  registry: SandboxRegistry,
  tools: Tools,
): Operation {
  const { config, root, problems, replace } = built;
  if (problems.length > 0 || config === undefined || root === undefined) {
    throw problemsError(problems);
  }
  const old = registry.get(config.name);
  if (old === undefined) return createNew(config, root, registry, tools);
  if (!replace) throw nameTaken(config.name);
  return replaceSandbox(old, config, root, registry, tools);
}

/** The error of a name that another sandbox has. */
export function nameTaken(name: string): AppError {
  return new AppError('sandbox/name-taken', `There is a sandbox named "${name}" already.`);
}

function createNew(
  config: SandboxConfig,
  root: ResolvedRoot,
  registry: SandboxRegistry,
  tools: Tools,
): Operation {
  const life = newLife(config, tools);
  registry.put(life);
  return registry.operate(life, 'create', createStages(root), async (progress) => {
    try {
      const { id, createdAtMs } = life;
      const creation = { id, createdAtMs, config, root, replaces: undefined };
      life.record = await prepareSandbox(creation, tools, progress);
      await life.boot(life.record, progress);
    } catch (error) {
      await registry.forget(life);
      throw error;
    }
  });
}

/**
 * The earlier sandbox goes on while everything of the new one is made ready, and goes when the new
 * one runs. What fails before leaves it as it was; what fails at the boot leaves it stopped.
 */
function replaceSandbox(
  old: SandboxLife,
  config: SandboxConfig,
  root: ResolvedRoot,
  registry: SandboxRegistry,
  tools: Tools,
): Operation {
  if (old.operationId !== undefined || old.state === 'creating') {
    throw new AppError('sandbox/busy', `"${config.name}" is ${old.state}.`);
  }
  const life = newLife(config, tools);
  const stages = createStages(root, [replaceStage]);
  return registry.operate(old, 'create', stages, async (progress) => {
    let hasTakenPlace = false;
    try {
      const { id, createdAtMs } = life;
      const creation = { id, createdAtMs, config, root, replaces: old.id };
      life.record = await prepareSandbox(creation, tools, progress);
      progress.begin(replaceStage.key);
      await old.end(replaceGraceMs);
      progress.finish(replaceStage.key);
      progress.signal.throwIfAborted();
      hasTakenPlace = true;
      life.operationId = old.operationId;
      registry.put(life);
      await life.boot(life.record, progress);
    } catch (error) {
      await registry.forget(life);
      if (hasTakenPlace) registry.put(old);
      throw error;
    } finally {
      life.operationId = undefined;
    }
    await registry.forget(old);
  });
}

/**
 * Makes a sandbox of the configuration of another one, with its disk or with a new one.
 * @throws AppError `sandbox/name-taken`, `sandbox/running` where the disk is in use, `sandbox/busy`
 */
export function duplicateSandbox(
  source: SandboxLife,
  name: string,
  withDisk: boolean,
  registry: SandboxRegistry,
  tools: Tools,
): Operation {
  const { record } = source;
  if (record === undefined || source.state === 'creating') {
    throw new AppError('sandbox/busy', `"${source.config.name}" is ${source.state}.`);
  }
  if (registry.get(name) !== undefined) throw nameTaken(name);
  if (withDisk) checkCopyable(source, record);
  const config = { ...record.config, name };
  const life = newLife(config, tools);
  registry.put(life);
  const stages = [rootStage, ...bootStages];
  return registry.operate(life, 'create', stages, async (progress) => {
    try {
      progress.begin(rootStage.key);
      const {
        run: _run,
        suspended: _memory,
        lastError: _ended,
        replaces: _replaced,
        ...rest
      } = record;
      const kept = withDisk ? rest : withoutDisk(rest);
      const { id, createdAtMs } = life;
      const isPatched = withDisk && record.isPatched;
      life.record = { ...kept, id, createdAtMs, phase: 'creating', config, isPatched };
      await tools.records.save(life.record);
      const files = tools.records.files(id);
      const disk = withDisk ? diskOf(record) : undefined;
      if (disk !== undefined) {
        await copyDisk(tools.records.files(source.id).dir, disk, files.dir, progress.signal);
      } else if (!withDisk) {
        await makeDisks(life.record, files, tools, progress.signal);
      }
      progress.finish(rootStage.key);
      await life.boot(life.record, progress);
    } catch (error) {
      await registry.forget(life);
      throw error;
    }
  });
}

/** A new disk goes on from nothing, and is made as it is with every new sandbox. */
function withoutDisk<T extends Pick<SandboxRecord, 'disk' | 'basedOn' | 'branchedFrom'>>(
  record: T,
): Omit<T, 'disk' | 'basedOn' | 'branchedFrom'> {
  const { disk: _files, basedOn: _snapshot, branchedFrom: _sandbox, ...rest } = record;
  return rest;
}

function checkCopyable(source: SandboxLife, { config, root }: SandboxRecord): void {
  if (source.operationId !== undefined) {
    throw new AppError('sandbox/busy', `"${config.name}" is at work.`);
  }
  if (source.state === 'suspended') {
    throw new AppError('sandbox/suspended', `"${config.name}" is suspended.`, {
      hint: 'Stop it first, which gives its memory up, or duplicate it without its disk.',
    });
  }
  if (!source.isIdle) {
    throw new AppError('sandbox/running', `"${config.name}" is ${source.state}.`, {
      hint: 'Stop it first, or duplicate it without its disk.',
    });
  }
  const writesToItself =
    (root.kind === 'disk' && !root.isForked) ||
    (root.kind === 'directory' && config.root.access !== 'ro');
  if (!writesToItself) return;
  throw new AppError(
    'root/in-use',
    `"${config.name}" has no disk of its own: it writes to ${root.path} itself.`,
    {
      hint: 'Duplicate it without its disk, or make a sandbox of a copy.',
    },
  );
}

/** A sandbox that is to be made. */
export function newLife(config: SandboxConfig, tools: LifeTools): SandboxLife {
  const id = randomBytes(5).toString('hex');
  return new SandboxLife({ id, config, createdAtMs: Date.now() }, 'creating', tools);
}
