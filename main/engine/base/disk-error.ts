import { AppError } from './app-error.ts';

/** The `code` of a Node system error: `ENOENT`, `EACCES`. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * What a failed write to `path` is thrown as: `store/no-space` where the disk or the quota is
 * full, the error itself otherwise.
 */
export function asDiskError(error: unknown, path: string): unknown {
  const code = systemErrorCode(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new AppError('store/no-space', `There is no space left to write ${path}.`, {
    cause: error,
  });
}
