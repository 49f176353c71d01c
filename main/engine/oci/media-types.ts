/** Media types of the OCI image specification (media-types.md) and of Docker's schema 2. */
import type { LayerCompression } from './image-source.ts';

const oci = 'application/vnd.oci.image';
const docker = 'application/vnd.docker';

/** Manifest of one image. */
export const manifestMediaTypes: readonly [string, ...string[]] = [
  `${oci}.manifest.v1+json`,
  `${docker}.distribution.manifest.v2+json`,
];

/** List of the manifests of an image for several platforms. */
export const indexMediaTypes: readonly string[] = [
  `${oci}.index.v1+json`,
  `${docker}.distribution.manifest.list.v2+json`,
];

/** Configuration of an image that containers run from; other types mark other artifacts. */
export const configMediaTypes: readonly string[] = [
  `${oci}.config.v1+json`,
  `${docker}.container.image.v1+json`,
];

/** Compression of a layer by its media type; layers that lie elsewhere or are encrypted have none. */
export const layerMediaTypes: ReadonlyMap<string, LayerCompression> = new Map([
  [`${oci}.layer.v1.tar`, 'none'],
  [`${oci}.layer.v1.tar+gzip`, 'gzip'],
  [`${oci}.layer.v1.tar+zstd`, 'zstd'],
  [`${docker}.image.rootfs.diff.tar`, 'none'],
  [`${docker}.image.rootfs.diff.tar.gzip`, 'gzip'],
  [`${docker}.image.rootfs.diff.tar.zstd`, 'zstd'],
]);

/** Types of what is added to an image, which are of the same family as its configuration's. */
export function derivedMediaTypes(configType: string): { manifest: string; gzipLayer: string } {
  return configType.startsWith(docker)
    ? {
        manifest: `${docker}.distribution.manifest.v2+json`,
        gzipLayer: `${docker}.image.rootfs.diff.tar.gzip`,
      }
    : { manifest: `${oci}.manifest.v1+json`, gzipLayer: `${oci}.layer.v1.tar+gzip` };
}

/** The `Accept` header of a request for a manifest. */
export const acceptedManifests = [...indexMediaTypes, ...manifestMediaTypes].join(', ');
