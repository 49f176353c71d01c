/** The images that a store knows of, and what each is made of, as far as that can be read. */
import { familiarReference, parseImageReference } from '../../../contract/image-reference.ts';
import { isAppError } from '../../base/app-error.ts';
import { limits } from '../../oci/document.ts';
import type { ResolvedImage } from '../../oci/image-source.ts';
import { parseManifest } from '../../oci/manifest.ts';
import { resolveImage } from '../../oci/resolve-image.ts';
import type { RootParts, RootRecord } from '../root-store.ts';
import type { Check, CheckedStores } from './check-request.ts';

/** An image of which there is a record, a reference or a sandbox. */
export interface KnownImage {
  /** Of the manifest. */
  readonly digest: string;
  /** References that lead to it, as people write them; then those of its sandboxes. */
  readonly names: readonly string[];
  /** Whether a reference leads to it. */
  readonly isNamed: boolean;
  readonly record: RootRecord | undefined;
  /** From its manifest and configuration, where both are there and right. */
  readonly resolved: ResolvedImage | undefined;
  /** From its manifest. */
  readonly configDigest: string | undefined;
}

/** Reads them all. What cannot be read is left out, which the steps of the check report. */
export async function readKnownImages({ stores, sandboxes }: Check): Promise<KnownImage[]> {
  const names = new Map<string, string[]>();
  const add = (digest: string, reference?: string): void => {
    const known = names.get(digest) ?? [];
    const name = reference === undefined ? undefined : familiarReference(reference);
    names.set(digest, name === undefined || known.includes(name) ? known : [...known, name]);
  };
  for (const [reference, { digest }] of stores.references.entries()) add(digest, reference);
  for (const { digest, reference } of sandboxes()) add(digest, reference);
  for (const digest of await stores.roots.digests()) add(digest);
  return await Promise.all(
    [...names].map(async ([digest, own]) => {
      const record = await stores.roots.read(digest);
      const byRecord = record === undefined ? [] : [familiarReference(record.reference)];
      const reference = record?.reference ?? own[0] ?? digest;
      return {
        digest,
        names: own.length > 0 ? own : byRecord,
        isNamed: stores.references.entries().some(([, entry]) => entry.digest === digest),
        record,
        ...(await readDocuments(stores, digest, reference)),
      };
    }),
  );
}

/** What the root of an image is composed of. */
export function partsOf({ resolved, record }: KnownImage): RootParts | undefined {
  if (resolved !== undefined) return resolved;
  return record && { ...record, layers: record.layers.map(toPart) };
}

/** The digests of everything that the registry has of an image, as far as that is known. */
export function blobsOf(image: KnownImage): string[] {
  const layers = partsOf(image)?.layers ?? [];
  const config = image.configDigest === undefined ? [] : [image.configDigest];
  return [image.digest, ...config, ...layers.map(({ digest }) => digest)];
}

/** Whether something leads to the image still; it may have been removed since it was looked up. */
export async function isStillThere(check: Check, { digest }: KnownImage): Promise<boolean> {
  const { references, roots } = check.stores;
  return (
    references.entries().some(([, entry]) => entry.digest === digest) ||
    check.sandboxes().some((sandbox) => sandbox.digest === digest) ||
    (await roots.read(digest)) !== undefined
  );
}

/** The command that brings an image again; by digest where its tag may mean another one by now. */
export function pullCommand(image: KnownImage, by: 'name' | 'digest'): string {
  const [name] = image.names;
  if (name === undefined) return 'pull its image again';
  const parsed = parseImageReference(name);
  if ((by === 'name' && image.isNamed) || !parsed.ok) return `run \`skerry pull ${name}\``;
  const { registry, repository } = parsed.reference;
  const pinned = `${registry}/${repository}@${image.digest}`;
  return `run \`skerry pull ${familiarReference(pinned)}\``;
}

async function readDocuments(
  { content, platform }: CheckedStores,
  digest: string,
  reference: string,
): Promise<Pick<KnownImage, 'resolved' | 'configDigest'>> {
  const origin = { name: reference, malformed: 'image/unsupported' } as const;
  let configDigest: string | undefined;
  try {
    const bytes = await content.readBlob(digest, limits.manifestBytes);
    const manifest = parseManifest(bytes, origin);
    if (manifest.kind === 'manifest') configDigest = manifest.config.digest;
    const resolved = await resolveImage(reference, { digest, bytes }, platform, {
      origin,
      readManifest: (descriptor) => content.readBlob(descriptor.digest, limits.manifestBytes),
      readConfig: (descriptor) => content.readBlob(descriptor.digest, limits.configBytes),
    });
    return { resolved, configDigest };
  } catch (error) {
    if (isAppError(error)) return { resolved: undefined, configDigest };
    throw error;
  }
}

function toPart(layer: RootRecord['layers'][number]): RootParts['layers'][number] {
  return { digest: layer.digest, diffId: layer.diffId, size: layer.sizeBytes };
}
