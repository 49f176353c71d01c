/** The engine's only door. What it opens is loaded when it is first used: the CLI starts faster. */
import type { ConfigReport } from '../contract/config/config-report.ts';
import type { HostReport } from '../contract/host.ts';
import { silentLogger } from './base/logger.ts';
import type { Engine } from './engine.ts';
import type { SkerryPaths } from './host/paths.ts';
import type { EngineOptions } from './open-engine.ts';

export { AppError, isAppError, toErrorData } from './base/app-error.ts';
export { silentLogger, type Logger } from './base/logger.ts';
export { PiecesAhead } from './base/pieces-ahead.ts';
export type { SecretCipher } from './credentials/safe-storage-store.ts';
export type { Engine, SessionAttachment, SessionSink } from './engine.ts';
export type { EngineOptions } from './open-engine.ts';
export { resolvePaths, type SkerryPaths } from './host/paths.ts';

/** See open-engine.ts. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return (await import('./open-engine.ts')).openEngine(options);
}

/**
 * Looks at a configuration without an engine, as `config.build` does with one: for a command that
 * starts nothing. It only reads the state directory.
 */
export async function buildConfig(
  input: unknown,
  context: { readonly paths: SkerryPaths },
): Promise<ConfigReport> {
  return (await import('./build-config-alone.ts')).buildConfigAlone(input, context.paths);
}

/** See host/host-report.ts; with the templates that there are. */
export async function reportHost(options: {
  readonly paths: SkerryPaths;
  readonly version: string;
}): Promise<HostReport> {
  const { paths, version } = options;
  const { checkTemplatesAlone } = await import('./template/open-templates.ts');
  const [report, templates] = await Promise.all([
    (await import('./host/host-report.ts')).reportHost(paths, version),
    checkTemplatesAlone(paths, silentLogger),
  ]);
  return { ...report, checks: [...report.checks, templates] };
}
