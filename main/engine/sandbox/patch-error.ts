import type { Patch } from '../../contract/config/patch.ts';
import { AppError, isAppError } from '../base/app-error.ts';

/** The error of a patch in the words of whoever wrote it; any other error as it is. */
export function nameFailedPatch(error: unknown, patches: readonly Patch[]): unknown {
  if (!isAppError(error, 'patch/failed')) return error;
  const index = error.details?.['index'];
  const patch = typeof index === 'number' ? patches[index] : undefined;
  if (typeof index !== 'number' || patch === undefined) return error;
  const reason = error.details?.['reason'];
  const why = typeof reason === 'string' ? reason : error.message;
  const message = `Patch ${String(index + 1)} (${patch.kind} ${patch.path}) could not be applied: ${why}.`;
  return new AppError('patch/failed', message, {
    hint: hintFor(patch, error.details?.['errno']),
    details: { ...error.details, kind: patch.kind, path: patch.path },
    cause: error,
  });
}

/** EEXIST is what people meet most, and it has one way out. */
const fileExists = 17;

function hintFor(patch: Patch, errno: unknown): string {
  if (errno === fileExists && 'replace' in patch) {
    return 'Set "replace: true" on the patch to take the place of what is there.';
  }
  return 'Correct the patch that is named.';
}
