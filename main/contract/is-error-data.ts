import { errorCodes } from './error-codes.ts';
import type { ErrorData } from './error.ts';

/**
 * Whether a value is an {@link ErrorData}, for places that start too often to load a schema
 * library. The details are the sender's own JSON and are not looked into.
 */
export function isErrorData(value: unknown): value is ErrorData {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, hint, details } = value as Partial<Record<keyof ErrorData, unknown>>;
  return (
    typeof code === 'string' &&
    Object.hasOwn(errorCodes, code) &&
    typeof message === 'string' &&
    typeof hint === 'string' &&
    (details === undefined || (typeof details === 'object' && details !== null))
  );
}
