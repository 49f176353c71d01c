import { errorCodes, type ErrorCode } from '../../contract/error-codes.ts';
import type { ErrorData } from '../../contract/error.ts';
import { isErrorData } from '../../contract/is-error-data.ts';

/** What a call to a host process failed with. Recognise it by `data.code`. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly data: ErrorData;

  constructor(data: ErrorData, cause?: unknown) {
    super(data.message, cause === undefined ? undefined : { cause });
    this.data = data;
  }
}

/** A {@link ClientError} with the hint of its code. */
export function clientError(code: ErrorCode, message: string, cause?: unknown): ClientError {
  return new ClientError({ code, message, hint: errorCodes[code].hint }, cause);
}

/**
 * Any error in the form a client knows: one of a call over oRPC carries its {@link ErrorData} as
 * `data`, one of an engine in this process is like it itself.
 */
export function toClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  if (isErrorData(error)) {
    const { code, message, hint, details } = error;
    return new ClientError({ code, message, hint, ...(details && { details }) }, error);
  }
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  if (isErrorData(data)) return new ClientError(data, error);
  if (error instanceof Error && error.name === 'AbortError') {
    return clientError('host/unreachable', 'The host process has ended.', error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return clientError('internal/unexpected', `${message.replace(/\.$/, '')}.`, error);
}
