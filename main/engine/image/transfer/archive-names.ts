/** Names that archives give to images. Pure. */
import {
  formatImageReference,
  parseImageReference,
  type ImageReference,
} from '../../../contract/image-reference.ts';

/** What containerd and Docker write: the whole name. */
export const containerdNameAnnotation = 'io.containerd.image.name';

/** OCI image-layout.md: a tag or a whole name, as the writer likes. */
export const refNameAnnotation = 'org.opencontainers.image.ref.name';

/** The names among what an entry of an index is annotated with. */
export function namesOfAnnotations(annotations: Readonly<Record<string, string>>): string[] {
  const whole = annotations[containerdNameAnnotation];
  if (whole !== undefined) return [whole];
  const name = annotations[refNameAnnotation];
  // A word alone is a tag to those who write layouts (`latest`), and no name of an image.
  return name !== undefined && /[/:@]/.test(name) ? [name] : [];
}

/** The references that the names are, each once; and the first name that is none. */
export function readNames(names: readonly string[]): {
  readonly references: ImageReference[];
  readonly wrong?: string;
} {
  const references = new Map<string, ImageReference>();
  let wrong: string | undefined;
  for (const name of names) {
    const result = parseImageReference(name);
    if (result.ok) references.set(formatImageReference(result.reference), result.reference);
    else wrong ??= name;
  }
  return { references: [...references.values()], ...(wrong !== undefined && { wrong }) };
}
