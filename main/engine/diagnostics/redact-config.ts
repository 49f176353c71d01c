import type { Operation } from '../../contract/operation.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import { redactedMark, type KnownSecret } from './redactor.ts';

/** The values of a sandbox's variables, wherever a text has them. */
export function secretsOf({ config }: Sandbox): KnownSecret[] {
  return Object.values(config.env).map((value) => ({ value, kind: 'variable' }));
}

/** A sandbox without what its configuration holds of others' texts: values, scripts, contents. */
export function redactSandbox(sandbox: Sandbox): unknown {
  return { ...sandbox, config: redactConfig(sandbox.config) };
}

function redactConfig(config: SandboxConfig): unknown {
  return {
    ...config,
    env: Object.fromEntries(Object.keys(config.env).map((name) => [name, redactedMark])),
    scripts: Object.fromEntries(
      Object.entries(config.scripts).map(([name, text]) => [name, lengthOf(text)]),
    ),
    patches: config.patches.map((patch) =>
      'content' in patch ? { ...patch, content: lengthOf(patch.content) } : patch,
    ),
  };
}

function lengthOf(text: string): string {
  return `${String(text.length)} characters, left out`;
}

/** Every error that is known now, the latest first. */
export function lastErrors(sandboxes: readonly Sandbox[], operations: readonly Operation[]) {
  return [
    ...operations.flatMap(({ kind, subject, error, endedAtMs, startedAtMs }) =>
      error === undefined
        ? []
        : [{ atMs: endedAtMs ?? startedAtMs, of: `${kind} ${subject}`, error }],
    ),
    ...sandboxes.flatMap(({ name, lastError, startedAtMs, createdAtMs }) =>
      lastError === undefined
        ? []
        : [{ atMs: startedAtMs ?? createdAtMs, of: `sandbox ${name}`, error: lastError }],
    ),
  ].toSorted((one, other) => other.atMs - one.atMs);
}
