/** From the first manifest document to a resolved image, whatever the documents come from. */
import { AppError } from '../base/app-error.ts';
import { parseImageConfig } from './config.ts';
import { limits, type DocumentOrigin } from './document.ts';
import type { Descriptor, ResolvedImage } from './image-source.ts';
import { checkDescriptor, parseManifest } from './manifest.ts';
import { choosePlatform, platformUnavailable, runsOn, type GuestPlatform } from './platform.ts';
import { quote } from './quote.ts';

/** A manifest document, its digest checked. */
export interface RootDocument {
  readonly digest: string;
  readonly bytes: Uint8Array;
  /** `Content-Type`, or the type of the descriptor that led here. */
  readonly mediaType?: string | undefined;
}

/** How the documents below the first one are had: into the store, checked, and read. */
export interface DocumentReader {
  readonly origin: DocumentOrigin;
  readManifest(descriptor: Descriptor): Promise<Uint8Array>;
  readConfig(descriptor: Descriptor): Promise<Uint8Array>;
}

/**
 * Follows an index to the manifest of the platform, and that to its configuration. Everything
 * after the first document is addressed by digest, so a tag that moves meanwhile changes nothing.
 */
export async function resolveImage(
  reference: string,
  root: RootDocument,
  platform: GuestPlatform,
  reader: DocumentReader,
): Promise<ResolvedImage> {
  const { origin } = reader;
  let { digest } = root;
  let document = parseManifest(root.bytes, origin, root.mediaType);
  if (document.kind === 'index') {
    const entry = choosePlatform(document.entries, platform, origin);
    checkDescriptor(entry, limits.manifestBytes, origin);
    digest = entry.digest;
    document = parseManifest(await reader.readManifest(entry), origin, entry.mediaType);
  }
  if (document.kind === 'index') {
    throw new AppError('image/unsupported', `The image ${quote(origin.name)} nests its indexes.`);
  }

  const { config, diffIds } = parseImageConfig(await reader.readConfig(document.config), origin);
  if (!runsOn(platform, config)) throw platformUnavailable([config], platform, origin);
  if (diffIds.length !== document.layers.length) {
    throw new AppError(
      origin.malformed,
      `The image ${quote(origin.name)} has ${String(document.layers.length)} layers and ${String(diffIds.length)} digests of unpacked layers.`,
    );
  }
  const layers = document.layers.map((layer, index) => ({
    ...layer,
    diffId: diffIds[index] ?? '',
  }));
  const indexDigest = digest === root.digest ? {} : { indexDigest: root.digest };
  return { reference, digest, ...indexDigest, config, layers };
}
