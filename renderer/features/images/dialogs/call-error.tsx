import type { Call } from '../../../bridge/use-call.ts';
import { describeError } from '../../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../../ui/error-notice.tsx';

/** Why a dialog's request failed, in the dialog. */
export function CallError({ call }: { readonly call: Call }) {
  return call.error === undefined ? null : <ErrorNotice {...describeError(call.error)} />;
}
