/** What stands in an archive of images, in order; the same images give the same archive. Pure. */
import type { ArchiveFormat } from '../../../contract/image-transfer.ts';
import { formatImageReference, type ImageReference } from '../../../contract/image-reference.ts';
import { digestHex } from '../../oci/digest.ts';
import type { Descriptor, LayerDescriptor } from '../../oci/image-source.ts';
import { containerdNameAnnotation, refNameAnnotation } from './archive-names.ts';
import type { StoredImage } from './stored-image.ts';

/** An entry of an archive. */
export type PlannedEntry =
  | { readonly kind: 'directory'; readonly name: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array }
  /** A blob as it is. */
  | { readonly kind: 'blob'; readonly name: string; readonly blob: Descriptor }
  /** The tar in the blob of a layer. */
  | { readonly kind: 'tar'; readonly name: string; readonly layer: LayerDescriptor };

/** The entries of an archive. */
export function planArchive(format: ArchiveFormat, images: readonly StoredImage[]): PlannedEntry[] {
  return format === 'oci' ? planOci(images) : planDocker(images);
}

/**
 * An OCI layout (image-layout.md) in a tar. `manifest.json` lies beside it as in what Docker writes:
 * `docker load` reads nothing else before version 25, `podman load` for several images.
 */
function planOci(images: readonly StoredImage[]): PlannedEntry[] {
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: images.map(({ reference, manifest, config }) => ({
      mediaType: manifest.mediaType,
      digest: manifest.digest,
      size: manifest.size,
      annotations: annotationsOf(reference),
      platform: {
        architecture: config.architecture,
        os: config.os,
        ...(config.variant !== undefined && { variant: config.variant }),
      },
    })),
  };
  const blobs = new Map<string, Descriptor>();
  for (const { manifest, config, layers } of images) {
    for (const blob of [manifest, config, ...layers]) blobs.set(digestHex(blob.digest), blob);
  }
  const path = ({ digest }: Descriptor): string => `blobs/sha256/${digestHex(digest)}`;
  return [
    json('oci-layout', { imageLayoutVersion: '1.0.0' }),
    json('index.json', index),
    json('manifest.json', dockerManifest(images, path, path)),
    { kind: 'directory', name: 'blobs/' },
    { kind: 'directory', name: 'blobs/sha256/' },
    ...sorted(blobs).map((blob) => ({ kind: 'blob', name: path(blob), blob }) as const),
  ];
}

/** What `docker save` writes: layers are uncompressed tars, named by the digest of their bytes. */
function planDocker(images: readonly StoredImage[]): PlannedEntry[] {
  const configs = new Map(images.map(({ config }) => [digestHex(config.digest), config]));
  const layers = new Map(
    images.flatMap((image) => image.layers.map((layer) => [digestHex(layer.diffId), layer])),
  );
  const configPath = ({ digest }: Descriptor): string => `${digestHex(digest)}.json`;
  const layerPath = ({ diffId }: LayerDescriptor): string => `${digestHex(diffId)}.tar`;
  return [
    json('manifest.json', dockerManifest(images, configPath, layerPath)),
    ...sorted(configs).map((blob) => ({ kind: 'blob', name: configPath(blob), blob }) as const),
    ...sorted(layers).map((layer) => ({ kind: 'tar', name: layerPath(layer), layer }) as const),
  ];
}

function dockerManifest(
  images: readonly StoredImage[],
  configPath: (config: Descriptor) => string,
  layerPath: (layer: LayerDescriptor) => string,
): unknown {
  const byDigest = Map.groupBy(images, ({ manifest }) => manifest.digest);
  return [...byDigest.values()].flatMap((named) => {
    const [first] = named;
    if (first === undefined) return [];
    const tags = named.flatMap(({ reference }) => (reference.tag === undefined ? [] : [reference]));
    return {
      Config: configPath(first.config),
      RepoTags: tags.length === 0 ? null : tags.map(nameWithTag),
      Layers: first.layers.map(layerPath),
    };
  });
}

/** The full form, from which every program makes the same name. */
function annotationsOf(reference: ImageReference): Readonly<Record<string, string>> {
  const name =
    reference.tag === undefined ? formatImageReference(reference) : nameWithTag(reference);
  return { [containerdNameAnnotation]: name, [refNameAnnotation]: name };
}

/** Other programs take no name that has a tag and a digest. */
function nameWithTag({ registry, repository, tag }: ImageReference): string {
  return `${registry}/${repository}:${tag ?? 'latest'}`;
}

function sorted<T>(byName: ReadonlyMap<string, T>): T[] {
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function json(name: string, value: unknown): PlannedEntry {
  return { kind: 'bytes', name, bytes: Buffer.from(JSON.stringify(value)) };
}
