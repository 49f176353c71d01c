/** What errors and their details say, for pages that show them and lead on from them. */
import type { ErrorData } from '../../main/contract/error.ts';
import { errorCodes, type ErrorCode } from '../../main/contract/error-codes.ts';
import { parseImageReference } from '../../main/contract/image-reference.ts';
import { translate } from './language.ts';

/** What kind of error it is, in a few words. */
export function titleOfError(code: ErrorCode): string {
  return translate(`errors:codes.${code}.title`);
}

/** What to do next. A hint that is not the code's own was written for this one case and stays. */
export function hintOfError({ code, hint }: Pick<ErrorData, 'code' | 'hint'>): string {
  return hint === errorCodes[code].hint ? translate(`errors:codes.${code}.hint`) : hint;
}

/** The sandboxes that an error names as being in the way. */
export function sandboxesOf({ details }: ErrorData): readonly string[] {
  const named = details?.['sandboxes'];
  if (!Array.isArray(named)) return [];
  return named.filter((name): name is string => typeof name === 'string');
}

/** The registry that an error is about: as it says, or of the image that was asked for. */
export function registryOf({ details }: ErrorData, reference: string): string | undefined {
  const named = details?.['registry'];
  if (typeof named === 'string') return named;
  const parsed = parseImageReference(reference);
  return parsed.ok ? parsed.reference.registry : undefined;
}
