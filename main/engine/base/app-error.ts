import { errorCodes, type ErrorCode } from '../../contract/error-codes.ts';
import type { ErrorData } from '../../contract/error.ts';

/** What an {@link AppError} may carry besides its code and message. */
export interface AppErrorOptions {
  /** Replaces the hint of the code where a better one is known. */
  readonly hint?: string;
  /** JSON evidence; never a secret. */
  readonly details?: ErrorData['details'];
  readonly cause?: unknown;
}

/** The one error the engine throws on purpose. Recognise it by `code`, with {@link isAppError}. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: ErrorData['details'];

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? errorCodes[code].hint;
    this.details = options.details;
  }
}

/** Whether a thrown value is an {@link AppError}, of one code if one is named. */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** The form of any thrown value that crosses a transport. */
export function toErrorData(error: unknown): ErrorData {
  if (isAppError(error)) {
    return {
      code: error.code,
      message: error.message,
      hint: error.hint,
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal/unexpected', message, hint: errorCodes['internal/unexpected'].hint };
}

/** The error that crossed a transport, made throwable again. */
export function fromErrorData(data: ErrorData): AppError {
  const { code, message, hint, details } = data;
  return new AppError(code, message, { hint, details });
}

/** The error of an aborted signal, whatever reason it was given. */
export function cancelledError(what: string): AppError {
  return new AppError('operation/cancelled', `${what} was cancelled.`);
}
