/** The images of an OCI layout (image-layout.md), in a directory or an archive. */
import { digestHex } from '../../oci/digest.ts';
import { limits, type DocumentOrigin } from '../../oci/document.ts';
import type { Descriptor } from '../../oci/image-source.ts';
import { checkDescriptor, parseManifest, type IndexEntry } from '../../oci/manifest.ts';
import { choosePlatform, type GuestPlatform } from '../../oci/platform.ts';
import { resolveImage } from '../../oci/resolve-image.ts';
import { archiveInvalid } from './archive-error.ts';
import { namesOfAnnotations } from './archive-names.ts';
import type { FoundBlob, FoundImage } from './found-image.ts';
import { readDocument, type ImageFiles } from './image-files.ts';

const indexPath = 'index.json';

/**
 * Finds every image, resolved to the platform. `nameless` tells further names of a configuration's
 * digest, for entries that have none.
 * @throws AppError `image/archive-invalid`, `image/unsupported`, `image/platform-unavailable`
 */
export async function findOciImages(
  files: ImageFiles,
  platform: GuestPlatform,
  nameless: (configDigest: string) => readonly string[] = () => [],
): Promise<FoundImage[]> {
  const origin = { name: files.name, malformed: 'image/archive-invalid' } as const;
  const index = parseManifest(await files.read(indexPath, limits.manifestBytes), origin);
  if (index.kind !== 'index' || index.entries.length === 0) {
    throw archiveInvalid(files.name, 'has an index.json that lists no images');
  }
  const images: FoundImage[] = [];
  for (const { names, entries } of groupEntries(index.entries)) {
    images.push(await resolve(files, names, entries, { platform, origin, nameless }));
  }
  return images;
}

interface Group {
  readonly names: readonly string[];
  readonly entries: readonly IndexEntry[];
}

/**
 * Entries of one name are one image for several platforms. Those without a name are one too, where
 * no two are for the same platform. What several names lead to is one image with those names.
 */
export function groupEntries(entries: readonly IndexEntry[]): Group[] {
  const byName = new Map<string, IndexEntry[]>();
  const unnamed: IndexEntry[] = [];
  for (const entry of entries) {
    const names = namesOfAnnotations(entry.annotations);
    if (names.length === 0) unnamed.push(entry);
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  const groups = new Map<string, { names: string[]; entries: readonly IndexEntry[] }>();
  for (const [name, named] of byName) {
    const key = named.map(({ digest }) => digest).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { names: [name], entries: named });
    else group.names.push(name);
  }
  const namedDigests = new Set([...byName.values()].flat().map(({ digest }) => digest));
  const others = unnamed.filter(({ digest }) => !namedDigests.has(digest));
  const platforms = others.map(({ platform }) => platform && Object.values(platform).join('/'));
  const isOneImage = !platforms.includes(undefined) && new Set(platforms).size === platforms.length;
  const rest = isOneImage && others.length > 0 ? [others] : others.map((entry) => [entry]);
  return [...groups.values(), ...rest.map((one) => ({ names: [], entries: one }))];
}

async function resolve(
  files: ImageFiles,
  names: readonly string[],
  entries: readonly IndexEntry[],
  context: {
    readonly platform: GuestPlatform;
    readonly origin: DocumentOrigin;
    readonly nameless: (configDigest: string) => readonly string[];
  },
): Promise<FoundImage> {
  const { platform, origin } = context;
  const blobs = new Map<string, FoundBlob>();
  const add = (descriptor: Descriptor): void => {
    const path = blobPath(descriptor);
    blobs.set(descriptor.digest, {
      descriptor,
      store: (content, options) => files.store(path, descriptor, content, options),
    });
  };
  const read = async (descriptor: Descriptor, maxBytes: number): Promise<Uint8Array> => {
    checkDescriptor(descriptor, maxBytes, origin);
    const bytes = await readDocument(files, blobPath(descriptor), descriptor);
    add(descriptor);
    return bytes;
  };
  const [first] = entries;
  const entry =
    first !== undefined && entries.length === 1 ? first : choosePlatform(entries, platform, origin);
  const { digest, mediaType } = entry;
  const root = { digest, mediaType, bytes: await read(entry, limits.manifestBytes) };
  let configDigest = '';
  const image = await resolveImage(names[0] ?? files.name, root, platform, {
    origin,
    readManifest: (descriptor) => read(descriptor, limits.manifestBytes),
    readConfig: (descriptor) => {
      configDigest = descriptor.digest;
      return read(descriptor, limits.configBytes);
    },
  });
  for (const layer of image.layers) {
    const size = await files.sizeOf(blobPath(layer));
    if (size !== layer.size) {
      const found = size === undefined ? 'does not have' : `has with ${String(size)} bytes`;
      const problem = `names the layer ${layer.digest} of ${String(layer.size)} bytes, which it ${found}`;
      throw archiveInvalid(files.name, problem);
    }
    const { mediaType: type, digest: layerDigest, size: sizeBytes } = layer;
    add({ mediaType: type, digest: layerDigest, size: sizeBytes });
  }
  const allNames = names.length > 0 ? names : context.nameless(configDigest);
  return { names: allNames, image, blobs: [...blobs.values()] };
}

function blobPath({ digest }: Descriptor): string {
  return `blobs/sha256/${digestHex(digest)}`;
}
