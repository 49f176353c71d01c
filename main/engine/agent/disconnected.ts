import { AppError } from '../base/app-error.ts';

/** The connection to a guest has ended without this side wanting it, by an error of the port or not. */
export function disconnected(cause?: Error): AppError {
  const why = cause === undefined ? 'The guest closed its port.' : cause.message;
  return new AppError('agent/disconnected', why, { cause });
}
