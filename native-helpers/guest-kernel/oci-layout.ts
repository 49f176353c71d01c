/** Writes an OCI image layout with one image of one layer (image specification, image-layout.md). */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What the image is, besides its layer. */
export interface LayoutImage {
  /** The name of the image within the layout. */
  readonly refName: string;
  /** As Node names it. */
  readonly arch: string;
  readonly createdAt: Date;
  /** The `config` object of the image's configuration. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Uncompressed: the layout lies on a local disk, and its digests then depend on nothing else. */
  readonly layerTar: Uint8Array;
  /** How the layer came to be, for the image's history. */
  readonly createdBy: string;
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const;

/** Makes the layout in `dir`, which need not be there. */
export async function writeOciLayout(dir: string, image: LayoutImage): Promise<void> {
  const blobsDir = path.join(dir, 'blobs', 'sha256');
  await mkdir(blobsDir, { recursive: true });
  const addBlob = async (mediaType: string, data: Uint8Array): Promise<Descriptor> => {
    const hex = createHash('sha256').update(data).digest('hex');
    await writeFile(path.join(blobsDir, hex), data);
    return { mediaType, digest: `sha256:${hex}`, size: data.length };
  };
  const addJson = (mediaType: string, value: unknown): Promise<Descriptor> =>
    addBlob(mediaType, Buffer.from(JSON.stringify(value)));

  const platform = { architecture: image.arch === 'x64' ? 'amd64' : image.arch, os: 'linux' };
  const created = image.createdAt.toISOString();
  const layer = await addBlob(mediaTypes.layer, image.layerTar);
  const config = await addJson(mediaTypes.config, {
    created,
    ...platform,
    config: image.config,
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
    history: [{ created, created_by: image.createdBy }],
  });
  const manifest = await addJson(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers: [layer],
  });
  const annotations = { 'org.opencontainers.image.ref.name': image.refName };
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...manifest, platform, annotations }],
  };
  await writeFile(path.join(dir, 'index.json'), JSON.stringify(index));
  await writeFile(path.join(dir, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}
