/** Everything that the store knows of an image. */
import { familiarReference } from '../../../contract/image-reference.ts';
import type { ImageDetails } from '../../../contract/image.ts';
import { AppError, isAppError } from '../../base/app-error.ts';
import { parseConfigDetails, type HistoryStep } from '../../oci/config-details.ts';
import { limits, type DocumentOrigin } from '../../oci/document.ts';
import { parseManifest } from '../../oci/manifest.ts';
import type { FoundImage } from './find-image.ts';
import type { OpenStore } from '../open-store.ts';
import { partKey } from './part-key.ts';

/**
 * Reads the documents of the image.
 * @param usedBy names of the sandboxes whose root it is
 * @throws AppError `image/not-stored` where it is not completely there, `store/corrupt`
 */
export async function readImageDetails(
  { digest, references: [meant] }: FoundImage,
  store: OpenStore,
  usedBy: readonly string[],
): Promise<ImageDetails> {
  const { catalog, content, references, roots } = store;
  const record = await roots.get(digest);
  const reference = meant ?? record?.reference ?? digest;
  const entry = references.get(reference) ?? { digest, pulledAtMs: 0 };
  const image = record && (await catalog.describe(reference, { ...entry, digest }));
  if (record === undefined || image === undefined) {
    throw new AppError(
      'image/not-stored',
      `The image ${familiarReference(reference)} is not whole.`,
    );
  }
  const origin: DocumentOrigin = { name: reference, malformed: 'image/unsupported' };
  const bytes = await content.readBlob(digest, limits.manifestBytes);
  const manifest = parseManifest(bytes, origin);
  if (manifest.kind === 'index') {
    throw new AppError('store/corrupt', `The manifest ${digest} is an index.`);
  }
  const configBytes = await content.readBlob(manifest.config.digest, limits.configBytes);
  const details = parseConfigDetails(configBytes, origin);
  const { env, entrypoint, cmd, workdir, user } = record.config;
  const { author, stopSignal, labels } = details;
  return {
    ...image,
    layers: await Promise.all(
      image.layers.map(async (layer, index) => ({
        ...layer,
        mediaType: manifest.layers[index]?.mediaType ?? '',
        sharedWith: await imagesWithLayer(layer.diffId, digest, store),
      })),
    ),
    mediaType: manifest.mediaType,
    configDigest: manifest.config.digest,
    otherReferences: references
      .entries()
      .filter(([name, other]) => other.digest === digest && name !== reference)
      .map(([name]) => familiarReference(name))
      .sort(),
    platforms: await platformsOf(entry.indexDigest, store, origin),
    config: {
      ...(user === undefined ? {} : { user }),
      ...(workdir === undefined ? {} : { workdir }),
      env: [...env],
      entrypoint: [...entrypoint],
      cmd: [...cmd],
      exposedPorts: [...details.exposedPorts],
      volumes: [...details.volumes],
      labels: { ...labels },
      ...(stopSignal === undefined ? {} : { stopSignal }),
    },
    ...(author === undefined ? {} : { author }),
    history: withLayers(details.history, image.layers),
    usedBy: [...usedBy],
  };
}

/** Names of other images that have the layer. */
async function imagesWithLayer(
  diffId: string,
  own: string,
  { catalog, references }: OpenStore,
): Promise<string[]> {
  const names: string[] = [];
  for (const [name, { digest }] of references.entries()) {
    if (digest === own) continue;
    const { keys } = await catalog.parts(digest);
    if (keys.has(partKey('layer', diffId))) names.push(familiarReference(name));
  }
  return names.sort();
}

/** Every step that is not empty made the next layer; where there are more of them, none is known. */
function withLayers(
  steps: readonly HistoryStep[],
  layers: readonly { readonly digest: string }[],
): ImageDetails['history'] {
  const isKnown = steps.filter(({ isEmpty }) => !isEmpty).length === layers.length;
  let next = 0;
  return steps.map(({ isEmpty, ...step }) => {
    const layer = isEmpty || !isKnown ? undefined : layers[next++]?.digest;
    return { ...step, ...(layer === undefined ? {} : { layer }) };
  });
}

/** As an index names them; what it has besides images is left out. */
async function platformsOf(
  indexDigest: string | undefined,
  { content }: OpenStore,
  origin: DocumentOrigin,
): Promise<string[]> {
  if (indexDigest === undefined) return [];
  try {
    const bytes = await content.readBlob(indexDigest, limits.manifestBytes);
    const index = parseManifest(bytes, origin);
    const entries = index.kind === 'index' ? index.entries : [];
    const platforms = entries.flatMap(({ platform }) => platform ?? []);
    return platforms
      .filter(({ os, architecture }) => os !== 'unknown' && architecture !== 'unknown')
      .map(({ os, architecture, variant }) =>
        [os, architecture, variant].filter((part) => part !== '').join('/'),
      )
      .filter((platform, position, all) => platform !== '' && all.indexOf(platform) === position);
  } catch (error) {
    // The image is whole without its index.
    if (isAppError(error)) return [];
    throw error;
  }
}
