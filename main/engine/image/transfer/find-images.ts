/** Tells by its files what an archive or a directory is, and finds the images in it. */
import { z } from 'zod';
import { limits, parseDocument } from '../../oci/document.ts';
import type { GuestPlatform } from '../../oci/platform.ts';
import { quote } from '../../oci/quote.ts';
import { archiveInvalid } from './archive-error.ts';
import { findDockerImages } from './docker-images.ts';
import { parseDockerManifest } from './docker-manifest.ts';
import type { FoundImage } from './found-image.ts';
import type { ArchiveFiles, DirectoryFiles, ImageFiles } from './image-files.ts';
import { findOciImages } from './oci-images.ts';

const markerPath = 'oci-layout';
const dockerPath = 'manifest.json';
const maxMarkerBytes = 4096;
const markerSchema = z.object({ imageLayoutVersion: z.literal('1.0.0') });

/**
 * The images of an archive. Where it is both, as what Docker writes since version 25, the OCI layout
 * is read: its documents are the image's own.
 * @throws AppError `image/archive-invalid`, `image/unsupported`, `image/platform-unavailable`
 */
export async function findImagesOfArchive(
  files: ArchiveFiles,
  platform: GuestPlatform,
  signal: AbortSignal,
): Promise<FoundImage[]> {
  const hasDockerManifest = (await files.sizeOf(dockerPath)) !== undefined;
  if ((await files.sizeOf(markerPath)) !== undefined) {
    await checkMarker(files);
    const names = hasDockerManifest ? await namesByConfig(files) : undefined;
    return await findOciImages(files, platform, (config) => names?.get(config) ?? []);
  }
  if (hasDockerManifest) return await findDockerImages(files, platform, signal);
  const paths = files
    .paths()
    .slice(0, 5)
    .map((path) => quote(path, 80));
  const holds = paths.length === 0 ? 'it holds no files' : `it holds ${paths.join(', ')}, …`;
  throw archiveInvalid(
    files.name,
    `holds no images: it has neither ${markerPath} nor ${dockerPath} at its top; ${holds}`,
  );
}

/** The images of an OCI layout in a directory. See {@link findImagesOfArchive}. */
export async function findImagesOfDirectory(
  files: DirectoryFiles,
  platform: GuestPlatform,
): Promise<FoundImage[]> {
  if ((await files.sizeOf(markerPath)) === undefined) {
    throw archiveInvalid(files.name, `is no OCI layout: it has no file ${markerPath}`);
  }
  await checkMarker(files);
  return await findOciImages(files, platform);
}

async function checkMarker(files: ImageFiles): Promise<void> {
  const origin = { name: files.name, malformed: 'image/archive-invalid' } as const;
  const marker = await files.read(markerPath, maxMarkerBytes);
  parseDocument(marker, `The file ${markerPath}`, markerSchema, origin);
}

/** Docker's own list of names, by the digest of the configuration. */
async function namesByConfig(files: ArchiveFiles): Promise<Map<string, readonly string[]>> {
  const bytes = await files.read(dockerPath, limits.manifestBytes);
  const names = new Map<string, readonly string[]>();
  for (const image of parseDockerManifest(bytes, files.name)) {
    const hex = /([0-9a-f]{64})(?:\.json)?$/.exec(image.config)?.[1];
    if (hex !== undefined) names.set(`sha256:${hex}`, image.names);
  }
  return names;
}
