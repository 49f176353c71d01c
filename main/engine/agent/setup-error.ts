/** What a guest could not do that it was asked, as an error. Pure. */
import { AppError } from '../base/app-error.ts';
import type { GuestMessage } from './guest-messages.ts';

/** Of a FAILED: the step with the guest's errno in words, or the patch. */
export function setupError(failed: Extract<GuestMessage, { type: 'failed' }>): AppError {
  const { step, message, errno, patchIndex } = failed;
  if (patchIndex !== undefined) {
    const text = `Patch ${String(patchIndex + 1)} could not be applied: ${message}.`;
    const details = { index: patchIndex, errno, reason: message };
    return new AppError('patch/failed', text, { details });
  }
  return new AppError('agent/setup-failed', `The guest could not ${step}: ${message}.`, {
    details: { step, errno },
  });
}
