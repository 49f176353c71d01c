/** What the details of errors say, for pages that lead on from them. Pure. */
import type { ErrorData } from '../../main/contract/error.ts';
import { parseImageReference } from '../../main/contract/image-reference.ts';

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
