/** The image store of the in-memory host: what is in it, who uses it, what can go. */
import { familiarReference, parseImageReference } from '../../../main/contract/image-reference.ts';
import type { ImageSuggestions } from '../../../main/contract/image-transfer.ts';
import type { Removal, StoreUsage } from '../../../main/contract/image-upkeep.ts';
import type { Image, ImageDetails } from '../../../main/contract/image.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { anImage } from '../../testing/builders.ts';
import { failure } from './fake-failure.ts';

/** Where the sandboxes are. */
export interface ImageHost {
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
}

const mebibyte = 1_048_576;

/** Tags that every registry of the in-memory host has. */
const tags = ['latest', '1', '1.2', '1.2.3', 'bookworm', 'bookworm-slim', 'trixie', 'edge'];

/** See the head of this file. */
export class FakeImages {
  all: readonly Image[];
  limitBytes: number | undefined;
  /** Layers that no image has any more. */
  #unused = [{ diffId: `sha256:${'e0'.repeat(32)}`, bytes: 61 * mebibyte }];
  #otherBytes = 18 * mebibyte;
  readonly #host: ImageHost;
  readonly #onChange: () => void;

  constructor(images: readonly Image[], host: ImageHost, onChange: () => void) {
    this.all = images;
    this.#host = host;
    this.#onChange = onChange;
  }

  of(reference: string): Image | undefined {
    const wanted = familiarReference(reference);
    return this.all.find((image) => image.reference === wanted || image.digest === reference);
  }

  find(reference: string): Image {
    const image = this.of(reference);
    if (image !== undefined) return image;
    throw failure('image/not-stored', `"${reference}" is not in the store.`);
  }

  /** One more image; one that is there already stays as it is. */
  add(reference: string): Image {
    const present = this.of(reference);
    if (present !== undefined) return present;
    const size = { downloadBytes: 136 * mebibyte, diskBytes: 300 * mebibyte };
    const image = anImage({
      reference: familiarReference(reference),
      ...size,
      pulledAtMs: Date.now(),
    });
    const [layer] = image.layers;
    this.#set([
      ...this.all,
      layer === undefined ? image : { ...image, layers: [{ ...layer, ...size }] },
    ]);
    return image;
  }

  tag(reference: string, as: string): Image {
    const image = { ...this.find(reference), reference: familiarReference(as) };
    this.#set([...this.all.filter((one) => one.reference !== image.reference), image]);
    return image;
  }

  usedBy(digest: string): string[] {
    const names = this.#namesOf(digest);
    return [...this.#host.sandboxes.values()]
      .filter(({ root, config }) => root?.kind === 'image' && names.includes(config.image))
      .map(({ name }) => name);
  }

  remove(reference: string, isForced: boolean): Removal {
    const image = this.find(reference);
    const users = this.usedBy(image.digest);
    const isLastName = this.#namesOf(image.digest).length === 1;
    if (isLastName && users.length > 0 && !isForced) {
      const message = `"${image.reference}" is the root of ${users.join(', ')}.`;
      throw failure('image/in-use', message, { sandboxes: users });
    }
    const rest = this.all.filter((one) => one.reference !== image.reference);
    const removal = this.#removal([image.reference], rest);
    this.#set(rest);
    return removal;
  }

  prune(withImages: boolean, isPreview: boolean): Removal {
    const going = withImages
      ? this.all.filter(({ digest }) => this.usedBy(digest).length === 0)
      : [];
    const rest = this.all.filter((image) => !going.includes(image));
    const removal = this.#removal(
      going.map(({ reference }) => reference),
      rest,
    );
    const all = {
      references: removal.references,
      layers: [...removal.layers, ...this.#unused.map(({ diffId }) => diffId)],
      freedBytes:
        removal.freedBytes +
        this.#otherBytes +
        this.#unused.reduce((sum, { bytes }) => sum + bytes, 0),
    };
    if (!isPreview) {
      this.#unused = [];
      this.#otherBytes = 0;
      this.#set(rest);
    }
    return all;
  }

  usage(): StoreUsage {
    const layers = [
      ...layersOf(this.all).map(({ diffId, diskBytes, images }) => ({
        ...{ diffId, bytes: diskBytes, images },
      })),
      ...this.#unused.map((layer) => ({ ...layer, images: [] })),
    ];
    const images = [...new Set(this.all.map(({ digest }) => digest))].map((digest) => {
      const own = layers.filter((layer) => layer.images.includes(digest));
      const unique = own.filter((layer) => layer.images.length === 1);
      return {
        digest,
        references: this.#namesOf(digest),
        usedBy: this.usedBy(digest),
        uniqueBytes: sum(unique),
        sharedBytes: sum(own) - sum(unique),
      };
    });
    return {
      totalBytes: sum(layers) + this.#otherBytes,
      ...(this.limitBytes === undefined ? {} : { limitBytes: this.limitBytes }),
      reclaimableBytes: this.prune(false, true).freedBytes,
      reclaimableWithImagesBytes: this.prune(true, true).freedBytes,
      images,
      layers,
      otherBytes: sum(this.#unused) + this.#otherBytes,
    };
  }

  inspect(reference: string): ImageDetails {
    const image = this.find(reference);
    const othersWith = (diffId: string) =>
      this.all
        .filter(
          ({ digest, layers }) =>
            digest !== image.digest && layers.some((layer) => layer.diffId === diffId),
        )
        .map((other) => other.reference);
    return {
      ...image,
      layers: image.layers.map((layer) => ({
        ...layer,
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        sharedWith: othersWith(layer.diffId),
      })),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      configDigest: `sha256:${'c4'.repeat(32)}`,
      otherReferences: this.#namesOf(image.digest).filter((name) => name !== image.reference),
      platforms: ['linux/amd64', 'linux/arm64/v8', 'linux/riscv64'],
      config: {
        user: '1000:1000',
        workdir: '/srv/app',
        env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'LANG=C.UTF-8', 'APP_MODE=production'],
        entrypoint: ['/usr/bin/tini', '--'],
        cmd: ['server', '--listen', '0.0.0.0:8080'],
        exposedPorts: ['8080/tcp', '9100/tcp'],
        volumes: ['/var/lib/app'],
        labels: {
          'org.opencontainers.image.title': 'An image of the in-memory host',
          'org.opencontainers.image.licenses': 'Apache-2.0',
        },
        stopSignal: 'SIGTERM',
      },
      author: 'The team',
      history: [
        ...image.layers.map((layer, index) => ({
          createdAtMs: image.pulledAtMs - 86_400_000 * (image.layers.length - index),
          createdBy:
            index === 0
              ? '/bin/sh -c #(nop) ADD file:9c1f2e in / '
              : `RUN /bin/sh -c apt-get update && apt-get install --yes part-${String(index)} # buildkit`,
          layer: layer.digest,
        })),
        {
          createdAtMs: image.pulledAtMs - 60_000,
          createdBy: 'CMD ["server"]',
          comment: 'buildkit',
        },
      ],
      usedBy: this.usedBy(image.digest),
    };
  }

  search(text: string): ImageSuggestions {
    const recent = [...this.#host.sandboxes.values()].map(({ config }) => config.image);
    const stored = this.all.map(({ reference }) => reference);
    const has = (reference: string) => reference.includes(text);
    const suggestions: ImageSuggestions['suggestions'] = [
      ...stored.filter(has).map((reference) => ({ reference, source: 'store' as const })),
      ...[...new Set(recent)]
        .filter((reference) => has(reference) && !stored.includes(reference))
        .map((reference) => ({ reference, source: 'recent' as const })),
    ];
    const [name, tag] = splitTag(text);
    if (tag === undefined || !parseImageReference(name).ok) return { suggestions };
    if (name.includes('refused') || name.includes('private')) {
      return { suggestions, problem: 'The registry asks for a password to list its tags.' };
    }
    const found = tags
      .filter((one) => one.startsWith(tag))
      .map((one) => ({ reference: `${name}:${one}`, source: 'registry' as const }))
      .filter(({ reference }) => !suggestions.some((one) => one.reference === reference));
    return { suggestions: [...suggestions, ...found] };
  }

  #namesOf(digest: string): string[] {
    return this.all.filter((image) => image.digest === digest).map(({ reference }) => reference);
  }

  #removal(references: string[], rest: readonly Image[]): Removal {
    const kept = new Set(layersOf(rest).map(({ diffId }) => diffId));
    const gone = layersOf(this.all).filter(({ diffId }) => !kept.has(diffId));
    const freedBytes = gone.reduce((total, { diskBytes }) => total + diskBytes, 0);
    return { references, layers: gone.map(({ digest }) => digest), freedBytes };
  }

  #set(images: readonly Image[]): void {
    this.all = images;
    this.#onChange();
  }
}

/** The name before a tag's colon, and what is typed of the tag. */
function splitTag(text: string): [string, string?] {
  const colon = text.indexOf(':', text.lastIndexOf('/') + 1);
  return colon < 0 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Each layer once, with the images that have it. */
function layersOf(images: readonly Image[]) {
  const byDiffId = new Map<string, Image['layers'][number] & { images: string[] }>();
  for (const { digest, layers } of images) {
    for (const layer of layers) {
      const known = byDiffId.get(layer.diffId) ?? { ...layer, images: [] };
      if (!known.images.includes(digest)) known.images.push(digest);
      byDiffId.set(layer.diffId, known);
    }
  }
  return [...byDiffId.values()];
}

function sum(layers: readonly { readonly bytes: number }[]): number {
  return layers.reduce((total, { bytes }) => total + bytes, 0);
}
