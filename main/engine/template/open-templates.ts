/** Opens the templates of an engine, and says what there is of them. */
import path from 'node:path';
import type { HostCheck } from '../../contract/host.ts';
import type { Template } from '../../contract/template.ts';
import { AppError } from '../base/app-error.ts';
import type { Logger } from '../base/logger.ts';
import type { SkerryPaths } from '../host/paths.ts';
import { TemplateStore } from './template-store.ts';
import { Templates, type TemplateMode, type TemplatesOptions } from './templates.ts';

const modes: readonly string[] = ['on', 'ahead', 'off'] satisfies readonly TemplateMode[];

/**
 * What `SKERRY_TEMPLATES` asks for.
 * @throws AppError `config/invalid` where it has another value
 */
export function templateMode(env: NodeJS.ProcessEnv = process.env): TemplateMode {
  const value = env['SKERRY_TEMPLATES'];
  if (value === undefined || value === '') return 'on';
  if (modes.includes(value)) return value as TemplateMode;
  throw new AppError('config/invalid', `SKERRY_TEMPLATES is "${value}"; it can be on or off.`, {
    hint: 'Set SKERRY_TEMPLATES to on or off, or unset it.',
  });
}

/** An engine goes on without templates where there is no place for them. */
export async function openTemplates(
  paths: Pick<SkerryPaths, 'cacheDir' | 'runtimeDir'>,
  options: Pick<TemplatesOptions, 'driver' | 'logger' | 'loadAssets'> & {
    readonly mode: TemplateMode;
  },
): Promise<Templates> {
  const { mode, logger } = options;
  const { cacheDir, runtimeDir } = paths;
  try {
    const store = await openStore(paths, logger);
    return new Templates({ ...options, store, cacheDir, runtimeDir });
  } catch (error) {
    if (mode !== 'off') logger.warn('There is no place for templates.', { error: String(error) });
    return new Templates({ ...options, mode: 'off', store: undefined, cacheDir, runtimeDir });
  }
}

function openStore(
  { cacheDir }: Pick<SkerryPaths, 'cacheDir'>,
  logger: Logger,
): Promise<TemplateStore> {
  return TemplateStore.open({ dir: path.join(cacheDir, 'templates'), place: 'disk', logger });
}

/** Without an engine: what is in the cache. */
export async function checkTemplatesAlone(
  paths: Pick<SkerryPaths, 'cacheDir'>,
  logger: Logger,
): Promise<HostCheck> {
  try {
    const store = await openStore(paths, logger);
    return checkTemplates({ templates: await store.list(), mode: templateMode(), failures: [] });
  } catch (error) {
    return { ...check, result: 'warn', evidence: `They cannot be read: ${String(error)}` };
  }
}

const check = { id: 'templates', title: 'Templates for warm starts' } as const;
const bytesPerMiB = 1024 * 1024;

/** The finding for `skerry doctor`. */
export function checkTemplates(found: {
  readonly templates: readonly Template[];
  readonly mode: TemplateMode;
  readonly failures: readonly string[];
  /** Whether a machine stands ready; by an engine that runs. */
  readonly isReady?: boolean;
}): HostCheck {
  const { templates, mode, failures } = found;
  if (mode === 'off') {
    return {
      ...check,
      result: 'pass',
      evidence: 'They are switched off: every sandbox is booted.',
    };
  }
  const words = templates.map(({ cpus, memoryMiB, accelerator, kernelRelease, bytes, place }) => {
    const machine = `${String(cpus)} CPU, ${String(memoryMiB)} MiB (${accelerator}, ${kernelRelease})`;
    const where = place === 'disk' ? 'on disk' : 'in shared memory';
    return `${machine}: ${String(Math.ceil(bytes / bytesPerMiB))} MiB ${where}`;
  });
  const evidence =
    words.length === 0
      ? 'There are none yet; one is made after the first start of each shape.'
      : `${words.join('; ')}.${found.isReady === true ? ' A machine stands ready for the next start.' : ''}`;
  const last = failures.at(-1);
  if (last === undefined) return { ...check, result: 'pass', evidence };
  return {
    ...check,
    result: 'warn',
    evidence: `${evidence} The last one that could not be made or used: ${last}`,
    fix: 'skerry templates clear',
  };
}
