/** Names, removal and room of the fake engine's images, in memory. Every image is one layer of its own. */
import type { Removal, StoreUsage } from '../../contract/image-upkeep.ts';
import type { Image } from '../../contract/image.ts';
import { AppError } from '../base/app-error.ts';
import type { ImageCalls } from '../image-calls.ts';

/** The images that the calls work on. */
export interface FakeImageStore {
  /** By reference. */
  readonly images: Map<string, Image>;
  readonly usersOf: (digest: string) => string[];
  readonly onChange: () => void;
}

const kept = 'skerry/starter';
const noRemoval: Removal = { references: [], layers: [], freedBytes: 0 };

/** See the head of this file. */
export function fakeUpkeep({
  images,
  usersOf,
  onChange,
}: FakeImageStore): Pick<
  ImageCalls,
  'inspect' | 'tag' | 'remove' | 'prune' | 'usage' | 'setLimit'
> {
  let limitBytes: number | undefined;
  const find = (reference: string): Image => {
    const image = images.get(reference);
    if (image !== undefined) return image;
    throw new AppError('image/not-stored', `There is no image "${reference}" in the store.`);
  };
  const namesOf = (digest: string): string[] =>
    [...images.values()].filter((image) => image.digest === digest).map((image) => image.reference);
  const take = (references: readonly string[]): Removal => {
    const digests = new Set(references.map((reference) => find(reference).digest));
    const diskBytes = new Map([...images.values()].map((each) => [each.digest, each.diskBytes]));
    for (const reference of references) images.delete(reference);
    const gone = [...digests].filter(
      (digest) => namesOf(digest).length === 0 && usersOf(digest).length === 0,
    );
    return {
      references: [...references],
      layers: gone,
      freedBytes: gone.reduce((sum, digest) => sum + (diskBytes.get(digest) ?? 0), 0),
    };
  };
  const unused = (): string[] =>
    [...images.values()]
      .filter(({ digest }) => usersOf(digest).length === 0 && !namesOf(digest).includes(kept))
      .map(({ reference }) => reference);
  const usage = (): StoreUsage => {
    const digests = [...new Set([...images.values()].map(({ digest }) => digest))];
    const bytesOf = (digest: string): number => find(namesOf(digest)[0] ?? '').diskBytes;
    const sum = (some: readonly string[]): number =>
      some.reduce((total, digest) => total + bytesOf(digest), 0);
    return {
      totalBytes: sum(digests),
      ...(limitBytes === undefined ? {} : { limitBytes }),
      reclaimableBytes: 0,
      reclaimableWithImagesBytes: sum([...new Set(unused().map((each) => find(each).digest))]),
      images: digests.map((digest) => ({
        digest,
        references: namesOf(digest),
        usedBy: usersOf(digest),
        uniqueBytes: bytesOf(digest),
        sharedBytes: 0,
      })),
      layers: digests.map((digest) => {
        return { diffId: digest, bytes: bytesOf(digest), images: [digest] };
      }),
      otherBytes: 0,
    };
  };
  // Every call fails by a rejection, as it does in the real engine.
  const later = <T>(work: () => T): Promise<T> => Promise.resolve().then(work);
  return {
    inspect: (reference) =>
      later(() => {
        const image = find(reference);
        return {
          ...image,
          layers: image.layers.map((layer) => ({ ...layer, mediaType: 'layer', sharedWith: [] })),
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          configDigest: image.digest,
          otherReferences: namesOf(image.digest).filter((name) => name !== reference),
          platforms: [image.platform],
          config: {
            ...{ env: ['PATH=/bin'], entrypoint: [], cmd: ['sh'], exposedPorts: ['80/tcp'] },
            ...{ volumes: [], labels: { title: 'A \u001b[31mred\u001b[0m title' } },
          },
          history: [{ createdBy: 'COPY a b' }],
          usedBy: usersOf(image.digest),
        };
      }),
    tag: (reference, as) =>
      later(() => {
        const image = { ...find(reference), reference: as };
        images.set(as, image);
        onChange();
        return image;
      }),
    remove: (reference, options) =>
      later(() => {
        const { digest } = find(reference);
        const sandboxes = usersOf(digest);
        if (sandboxes.length > 0 && namesOf(digest).length === 1 && options?.force !== true) {
          const message = `The image ${reference} is used by ${sandboxes.join(', ')}.`;
          throw new AppError('image/in-use', message, { details: { sandboxes } });
        }
        const removal = take([reference]);
        onChange();
        return removal;
      }),
    prune: ({ all, isPreview = true } = {}) =>
      later(() => {
        if (all !== true) return noRemoval;
        const before = [...images];
        const removal = take(unused());
        if (isPreview) {
          images.clear();
          for (const [reference, image] of before) images.set(reference, image);
        } else {
          onChange();
        }
        return removal;
      }),
    usage: () => later(usage),
    setLimit: (bytes) => {
      limitBytes = bytes;
      return later(usage);
    },
  };
}
