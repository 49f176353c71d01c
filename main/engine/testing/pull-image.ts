/** Pulls as the engine does, without a library of images around it. */
import { parseImageReference, type ImageReference } from '../../contract/image-reference.ts';
import type { RegistrySettings } from '../../contract/registry.ts';
import type { ContentStore } from '../oci/content-store.ts';
import type { ResolvedImage } from '../oci/image-source.ts';
import { RegistryClient } from '../oci/registry/registry-client.ts';
import { hostArchitecture } from './write-oci-layout.ts';

/** A reference that the test knows to be valid. */
export function parsedReference(text: string): ImageReference {
  const result = parseImageReference(text);
  if (!result.ok) throw new Error(result.problem);
  return result.reference;
}

/** Brings this machine's image of a reference into the store, with every layer. */
export async function pullImage(
  text: string,
  store: ContentStore,
  settings?: RegistrySettings,
): Promise<ResolvedImage> {
  const client = new RegistryClient({ store, settingsOf: () => settings });
  const reference = parsedReference(text);
  const image = await client.resolve(reference, {
    platform: { os: 'linux', architecture: hostArchitecture },
  });
  const source = client.sourceFor(reference);
  await Promise.all(image.layers.map((layer) => source.fetchBlob(layer)));
  return image;
}
