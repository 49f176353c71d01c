/** OCI layouts written without any tool, so that a test can say exactly what is in one. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { Descriptor, LayerCompression } from '../oci/image-source.ts';

/** Options of {@link writeOciLayout}. */
export interface LayoutOptions {
  /** Of the layers. `gzip` by default. */
  readonly compression?: LayerCompression;
  /** Name of the image in the layout. `latest` by default. */
  readonly refName?: string;
  readonly architecture?: 'amd64' | 'arm64' | 's390x';
  readonly variant?: string;
  /** The `config` object of the configuration: `Env`, `Cmd`, `Entrypoint`, `User`, `WorkingDir`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What was written. */
export interface WrittenImage {
  readonly dir: string;
  readonly refName: string;
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  /** Bottom first. */
  readonly layers: readonly (Descriptor & { readonly diffId: string })[];
}

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: {
    none: 'application/vnd.oci.image.layer.v1.tar',
    gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
    zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  },
} as const;

const refNameAnnotation = 'org.opencontainers.image.ref.name';
const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);

/** This machine's architecture, in OCI's words. */
export const hostArchitecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

/** Writes an image of these uncompressed tars, bottom first, beside what the layout holds. */
export async function writeOciLayout(
  dir: string,
  tars: readonly Uint8Array[],
  options: LayoutOptions = {},
): Promise<WrittenImage> {
  const compression = options.compression ?? 'gzip';
  const refName = options.refName ?? 'latest';
  const architecture = options.architecture ?? hostArchitecture;
  await mkdir(join(dir, 'blobs', 'sha256'), { recursive: true });
  const layers: (Descriptor & { diffId: string })[] = [];
  for (const tar of tars) {
    const blob = await compress(tar, compression);
    const descriptor = await writeBlob(dir, blob, types.layer[compression]);
    layers.push({ ...descriptor, diffId: digestOf(tar) });
  }
  const configuration = {
    created: '2024-01-02T03:04:05Z',
    architecture,
    ...(options.variant !== undefined && { variant: options.variant }),
    os: 'linux',
    config: options.config ?? {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
  const config = await writeJson(dir, configuration, types.config);
  const document = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  };
  const manifest = await writeJson(dir, document, types.manifest);
  const platform = {
    os: 'linux',
    architecture,
    ...(options.variant !== undefined && { variant: options.variant }),
  };
  await addToIndex(dir, { ...manifest, platform }, refName);
  return { dir, refName, manifest, config, layers };
}

/** Adds an index of several images of the layout, as one for several platforms is published. */
export async function writeMultiPlatformIndex(
  dir: string,
  images: readonly {
    readonly manifest: Descriptor;
    readonly architecture: string;
    readonly variant?: string;
  }[],
  refName: string,
): Promise<Descriptor> {
  const document = {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: images.map(({ manifest, ...platform }) => ({
      ...manifest,
      platform: { os: 'linux', ...platform },
    })),
  };
  const index = await writeJson(dir, document, types.index);
  await addToIndex(dir, index, refName);
  return index;
}

async function addToIndex(
  dir: string,
  entry: Descriptor & { readonly platform?: Readonly<Record<string, string>> },
  refName: string,
): Promise<void> {
  const path = join(dir, 'index.json');
  const text = await readFile(path, 'utf8').catch(() => '{"schemaVersion":2,"manifests":[]}');
  const index = JSON.parse(text) as { manifests: unknown[] };
  index.manifests.push({ ...entry, annotations: { [refNameAnnotation]: refName } });
  await writeFile(path, JSON.stringify(index));
  await writeFile(join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

async function writeJson(dir: string, value: unknown, mediaType: string): Promise<Descriptor> {
  return await writeBlob(dir, Buffer.from(JSON.stringify(value)), mediaType);
}

async function writeBlob(dir: string, bytes: Uint8Array, mediaType: string): Promise<Descriptor> {
  const digest = digestOf(bytes);
  await writeFile(join(dir, 'blobs', 'sha256', digest.replace('sha256:', '')), bytes);
  return { mediaType, digest, size: bytes.length };
}

async function compress(tar: Uint8Array, compression: LayerCompression): Promise<Uint8Array> {
  if (compression === 'gzip') return await gzipAsync(tar);
  if (compression === 'zstd') return await zstdAsync(tar);
  return tar;
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
