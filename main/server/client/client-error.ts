import type { ErrorCode } from '../../contract/error-codes.ts';
import { errorCodes } from '../../contract/error-codes.ts';
import type { ErrorData } from '../../contract/error.ts';

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
 * The error of a call over oRPC, whose errors carry the {@link ErrorData} as `data`. The host
 * process runs for the same user and is trusted to send what the contract says.
 */
export function toClientError(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  if (isErrorData(data)) return new ClientError(data, error);
  if (error instanceof Error && error.name === 'AbortError') {
    return clientError('host/unreachable', 'The host process has ended.', error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return clientError('internal/unexpected', `${message.replace(/\.$/, '')}.`, error);
}

function isErrorData(data: unknown): data is ErrorData {
  if (typeof data !== 'object' || data === null) return false;
  const { code, message, hint } = data as Partial<Record<keyof ErrorData, unknown>>;
  const isKnown = typeof code === 'string' && Object.hasOwn(errorCodes, code);
  return isKnown && typeof message === 'string' && typeof hint === 'string';
}
