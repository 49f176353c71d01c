import { ORPCError } from '@orpc/server';
import { errorCodes, type ErrorCode } from '../../../main/contract/error-codes.ts';
import type { ErrorData } from '../../../main/contract/error.ts';

/** An error as the host process would send it. */
export function failure(code: ErrorCode, message: string, details?: ErrorData['details']) {
  const { hint } = errorCodes[code];
  const data: ErrorData = { code, message, hint, ...(details === undefined ? {} : { details }) };
  return new ORPCError('CONFLICT', { data });
}
