/** Turns what a procedure throws into the error that a client reads; see contract/error.ts. */
import { randomUUID } from 'node:crypto';
import { ORPCError, ValidationError } from '@orpc/server';
import { errorCodes, type ErrorCode } from '../contract/error-codes.ts';
import type { ErrorData } from '../contract/error.ts';
import { isAppError, toErrorData, type Logger } from '../engine/index.ts';

/** One field that a client filled in wrongly. */
export interface FieldIssue {
  /** `memoryMiB`, `env.PATH`; empty where the whole is meant. */
  readonly field: string;
  readonly message: string;
}

/**
 * The form of any thrown value for a client. What nobody foresaw is written to the log with a
 * reference and reaches the client as `internal/unexpected` with that reference and nothing else.
 */
export function describeError(error: unknown, what: string, logger: Logger): ErrorData {
  if (isAppError(error)) return toErrorData(error);
  const issues = inputIssues(error);
  if (issues !== undefined) return invalidInput(issues, what);
  const reference = randomUUID();
  logger.error('A request failed unexpectedly', { what, reference, error: fullText(error) });
  return {
    code: 'internal/unexpected',
    message: `${what} failed in a way that Skerry did not expect (reference ${reference}).`,
    hint: errorCodes['internal/unexpected'].hint,
    details: { reference },
  };
}

/** The same as an oRPC error, whose `data` is the {@link ErrorData}. */
export function toOrpcError(
  error: unknown,
  what: string,
  logger: Logger,
): ORPCError<'BAD_REQUEST' | 'INTERNAL_SERVER_ERROR', ErrorData> {
  const data = describeError(error, what, logger);
  const code = data.code === 'internal/unexpected' ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
  return new ORPCError(code, { message: data.message, data, cause: error });
}

/** Only a request that failed the contract's own schema; a failed answer is our mistake. */
function inputIssues(error: unknown): FieldIssue[] | undefined {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return undefined;
  if (!(error.cause instanceof ValidationError)) return undefined;
  return error.cause.issues.map(({ path, message }) => ({
    field: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message,
  }));
}

function invalidInput(issues: readonly FieldIssue[], what: string): ErrorData {
  const code = codeOfFields(issues, what);
  const words = issues.map(({ field, message }) =>
    field === '' || code !== 'config/invalid' ? message : `${field}: ${message}`,
  );
  return {
    code,
    message: words.join(' '),
    hint: errorCodes[code].hint,
    details: { issues: issues.map(({ field, message }) => ({ field, message })) },
  };
}

/** A wrong name or image alone has a code of its own, with the better hint. */
function codeOfFields(issues: readonly FieldIssue[], what: string): ErrorCode {
  const fields = new Set(issues.map(({ field }) => field));
  if (fields.size !== 1) return 'config/invalid';
  const isOfSandbox = !what.startsWith('volumes.') && !what.startsWith('presets.');
  if (fields.has('name') && isOfSandbox) return 'sandbox/name-invalid';
  if (fields.has('image') || fields.has('reference')) return 'image/reference-invalid';
  return 'config/invalid';
}

function fullText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${fullText(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
