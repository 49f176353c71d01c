/** Changing the configuration of a sandbox that is there. */
import { classifyChanges, type ConfigChange } from '../../contract/config/config-changes.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import { AppError } from '../base/app-error.ts';
import type { BuiltConfig } from '../config/build-config.ts';
import { problemsError } from '../config/config-problem.ts';

/**
 * What changes when a sandbox takes a configuration that was looked at, and when each change
 * applies.
 * @throws AppError `config/needs-new-sandbox`, or what is wrong with a field that changes
 */
export function planConfigChange(
  before: SandboxConfig,
  { config, problems }: BuiltConfig,
): { config: SandboxConfig; changes: ConfigChange[] } {
  if (config === undefined) throw problemsError(problems);
  const changes = classifyChanges(before, config);
  // What has not changed may have gone meanwhile; that is for the next start to say.
  const changed = new Set(changes.map(({ field }) => field));
  const wrong = problems.filter(({ path }) => changed.has(path.split('.')[0] ?? ''));
  if (wrong.length > 0) throw problemsError(wrong);
  const impossible = changes.filter(({ effect }) => effect === 'new-sandbox');
  if (impossible.length > 0) throw needsNewSandbox(before.name, changes, impossible);
  return { config, changes };
}

function needsNewSandbox(
  name: string,
  changes: readonly ConfigChange[],
  impossible: readonly ConfigChange[],
): AppError {
  const reasons = impossible.map(({ field, reason }) => `${field}: ${reason ?? 'It is fixed.'}`);
  return new AppError('config/needs-new-sandbox', `"${name}" cannot change. ${reasons.join(' ')}`, {
    details: { changes: changes.map(({ field, effect }) => ({ field, effect })) },
  });
}
