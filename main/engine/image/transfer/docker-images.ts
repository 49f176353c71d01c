/**
 * The images of what `docker save` writes. They have no manifest of their own: one is composed that
 * names their files as they are, and its digest is the image's.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseImageConfig } from '../../oci/config.ts';
import { digestOf } from '../../oci/digest.ts';
import { limits } from '../../oci/document.ts';
import type { Descriptor, LayerDescriptor } from '../../oci/image-source.ts';
import { platformUnavailable, runsOn, type GuestPlatform } from '../../oci/platform.ts';
import { quote } from '../../oci/quote.ts';
import { decompressor, isDecompressionError } from '../decompression.ts';
import { limits as layerLimits } from '../limits.ts';
import { archiveInvalid } from './archive-error.ts';
import { formBytes, layerCompression } from './archive-form.ts';
import { archiveLimits } from './archive-limits.ts';
import type { SpooledFile } from './archive-spool.ts';
import { parseDockerManifest, type DockerImage } from './docker-manifest.ts';
import type { FoundBlob, FoundImage } from './found-image.ts';
import type { ArchiveFiles } from './image-files.ts';

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  none: 'application/vnd.oci.image.layer.v1.tar',
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
} as const;

/** Finds every image. @throws AppError `image/archive-invalid`, `image/platform-unavailable` */
export async function findDockerImages(
  files: ArchiveFiles,
  platform: GuestPlatform,
  signal: AbortSignal,
): Promise<FoundImage[]> {
  const bytes = await files.read('manifest.json', limits.manifestBytes);
  const listed = parseDockerManifest(bytes, files.name);
  if (listed.length === 0) throw archiveInvalid(files.name, 'has a manifest.json without images');
  const layers = new LayerFiles(files, signal);
  const images: FoundImage[] = [];
  for (const image of listed) images.push(await resolve(files, layers, image, platform));
  return images;
}

async function resolve(
  files: ArchiveFiles,
  layerFiles: LayerFiles,
  listed: DockerImage,
  platform: GuestPlatform,
): Promise<FoundImage> {
  const origin = { name: files.name, malformed: 'image/archive-invalid' } as const;
  const configBytes = await files.read(listed.config, limits.configBytes);
  const configDescriptor: Descriptor = {
    mediaType: types.config,
    digest: digestOf(configBytes),
    size: configBytes.length,
  };
  const { config, diffIds } = parseImageConfig(configBytes, origin);
  if (!runsOn(platform, config)) throw platformUnavailable([config], platform, origin);
  if (diffIds.length !== listed.layers.length) {
    const problem = `lists ${String(listed.layers.length)} layers for an image whose configuration has ${String(diffIds.length)}`;
    throw archiveInvalid(files.name, problem);
  }
  const layers: LayerDescriptor[] = [];
  const blobs: FoundBlob[] = [blobOf(files, listed.config, configDescriptor)];
  for (const [index, path] of listed.layers.entries()) {
    const { layer, file } = await layerFiles.get(path, diffIds[index] ?? '');
    layers.push(layer);
    blobs.push(blobOf(files, file.path, layer));
  }
  const manifest = composeManifest(configDescriptor, layers);
  blobs.push({
    descriptor: { mediaType: types.manifest, digest: digestOf(manifest), size: manifest.length },
    store: async (content) => {
      await content.writeBlob(manifest);
    },
  });
  const reference = listed.names[0] ?? files.name;
  return {
    names: listed.names,
    image: { reference, digest: digestOf(manifest), config, layers },
    blobs,
  };
}

function blobOf(files: ArchiveFiles, path: string, blob: Descriptor): FoundBlob {
  const { mediaType, digest, size } = blob;
  const descriptor = { mediaType, digest, size };
  return { descriptor, store: (content) => files.store(path, descriptor, content) };
}

/** The same image gives the same bytes. */
function composeManifest(config: Descriptor, layers: readonly Descriptor[]): Uint8Array {
  const document = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  };
  return Buffer.from(JSON.stringify(document));
}

/** The layers of an archive, each looked at once: images share them. */
class LayerFiles {
  readonly #files: ArchiveFiles;
  readonly #signal: AbortSignal;
  readonly #diffIds = new Map<string, string>();

  constructor(files: ArchiveFiles, signal: AbortSignal) {
    this.#files = files;
    this.#signal = signal;
  }

  async get(path: string, diffId: string): Promise<{ layer: LayerDescriptor; file: SpooledFile }> {
    const { name } = this.#files;
    const file = this.#files.follow(path, archiveLimits.linksFollowed);
    if (file === undefined) throw archiveInvalid(name, `does not have the layer ${quote(path)}`);
    const compression = layerCompression(await readHead(file.file));
    const known = this.#diffIds.get(file.digest);
    const found =
      compression === 'none' ? file.digest : (known ?? (await this.#hash(file, compression)));
    this.#diffIds.set(file.digest, found);
    if (found !== diffId) {
      const problem = `has the layer ${quote(path)} with the digest ${found}, where the image's configuration names ${diffId}`;
      throw archiveInvalid(name, problem);
    }
    const { digest, sizeBytes: size } = file;
    return { layer: { mediaType: types[compression], digest, size, compression, diffId }, file };
  }

  async #hash(file: SpooledFile, compression: 'gzip' | 'zstd'): Promise<string> {
    const { name } = this.#files;
    const hash = createHash('sha256');
    let total = 0;
    const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
      for await (const chunk of chunks) {
        total += chunk.length;
        if (total > layerLimits.tarBytes) {
          const problem = `has the layer ${quote(file.path)} of more than ${String(layerLimits.tarBytes)} bytes`;
          throw archiveInvalid(name, problem);
        }
        hash.update(chunk);
      }
    };
    const source = createReadStream(file.file);
    try {
      await pipeline(source, decompressor(compression), take, { signal: this.#signal });
    } catch (error) {
      if (!isDecompressionError(error)) throw error;
      throw archiveInvalid(name, `has the damaged layer ${quote(file.path)}`, error);
    }
    return `sha256:${hash.digest('hex')}`;
  }
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(formBytes), 0, formBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
