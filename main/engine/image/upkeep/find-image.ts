/** Which image of the store a person means. Pure. */
import { formatImageReference } from '../../../contract/image-reference.ts';
import { AppError } from '../../base/app-error.ts';
import type { ReferenceEntry } from '../../oci/reference-index.ts';
import { parseReference } from '../parse-reference.ts';

/** An image and those of its names that were meant, in full. */
export interface FoundImage {
  readonly digest: string;
  readonly references: readonly string[];
}

type Entries = readonly (readonly [reference: string, entry: ReferenceEntry])[];

/**
 * By name in any spelling; by name and digest, of the manifest or of the index that led to it; by
 * the digest of the manifest or at least its first twelve digits, which means every name.
 * @param unnamed manifests that no name leads to
 * @throws AppError `image/reference-invalid`, `image/not-stored`
 */
export function findImage(
  text: string,
  entries: Entries,
  unnamed: readonly string[] = [],
): FoundImage {
  const reference = parseReference(text);
  const name = formatImageReference(reference);
  const exact = entries.find(([each]) => each === name);
  if (exact !== undefined) return { digest: exact[1].digest, references: [name] };
  if (reference.digest !== undefined) {
    const { digest: wanted, ...rest } = reference;
    const tagged = formatImageReference(rest);
    const meant = entries.filter(
      ([each, { digest, indexDigest }]) =>
        (digest === wanted || indexDigest === wanted) &&
        (rest.tag === undefined ? each.startsWith(`${tagged}:`) : each === tagged),
    );
    const [first] = meant;
    if (first !== undefined) return { digest: first[1].digest, references: namesOf(meant) };
  }
  return findByDigest(text, entries, unnamed) ?? notStored(text);
}

function findByDigest(
  text: string,
  entries: Entries,
  unnamed: readonly string[],
): FoundImage | undefined {
  const digits = /^(?:sha256:)?([0-9a-f]{12,64})$/.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const known = new Set([...entries.map(([, { digest }]) => digest), ...unnamed]);
  const [digest, ...others] = [...known].filter((each) => each.startsWith(`sha256:${digits}`));
  if (digest === undefined) return undefined;
  if (others.length > 0) {
    throw new AppError('image/reference-invalid', `Several images begin with "${digits}".`, {
      hint: 'Write more digits, or a name.',
    });
  }
  return { digest, references: namesOf(entries.filter(([, entry]) => entry.digest === digest)) };
}

function namesOf(entries: Entries): string[] {
  return entries.map(([reference]) => reference);
}

function notStored(text: string): never {
  throw new AppError('image/not-stored', `There is no image "${text}" in the store.`, {
    hint: 'List the images with `skerry images`.',
  });
}
