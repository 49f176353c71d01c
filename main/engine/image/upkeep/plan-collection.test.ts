import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysOfDigest, partKey, type PartKey } from './part-key.ts';
import {
  bytesOfParts,
  planCollection,
  type Collection,
  type CollectionRequest,
  type KnownImage,
  type StoreState,
} from './plan-collection.ts';
import { usageOf } from './store-usage.ts';
import type { StoredPart } from './scan-store.ts';

const layerNames = ['l0', 'l1', 'l2', 'l3', 'l4'];

/** Up to six images over five layers, each a blob and an unpacked layer; some of it is not there. */
const anyState: fc.Arbitrary<StoreState> = fc
  .record({
    images: fc.array(
      fc.record({
        layers: fc.subarray(layerNames),
        names: fc.nat({ max: 2 }),
        usedBy: fc.subarray(['web', 'db']),
        isKept: fc.boolean(),
        isLocal: fc.boolean(),
        lastUsedMs: fc.nat({ max: 5 }),
      }),
      { maxLength: 6 },
    ),
    held: fc.subarray(['m0', 'm1', ...layerNames]),
    missing: fc.subarray(layerNames),
    partial: fc.subarray(layerNames),
    bytes: fc.array(fc.nat({ max: 100 }), { minLength: 40, maxLength: 40 }),
    otherBytes: fc.nat({ max: 100 }),
  })
  .map(({ images, held, missing, partial, bytes, otherBytes }) => {
    const known = images.map((image, index): KnownImage => {
      const digest = `m${String(index)}`;
      const references = Array.from({ length: image.names }, (_, n) => `${digest}:${String(n)}`);
      const ofLayers = image.layers.flatMap((layer) => [
        partKey('blob', layer),
        partKey('layer', layer),
      ]);
      const parts = new Set([partKey('root', digest), partKey('blob', digest), ...ofLayers]);
      const { usedBy, isKept, isLocal, lastUsedMs } = image;
      const layers = image.layers.map((layer) => ({ digest: layer, diffId: layer }));
      return { digest, references, usedBy, isKept, isLocal, lastUsedMs, parts, layers };
    });
    const all = [
      ...known.flatMap(({ digest }) => [partKey('root', digest), partKey('blob', digest)]),
      ...layerNames.flatMap((layer) => [partKey('blob', layer), partKey('layer', layer)]),
      ...partial.map((digest) => partKey('partial', digest)),
    ].filter((key) => !missing.some((layer) => key === partKey('layer', layer)));
    const stored = all.map((key, index): StoredPart => {
      const [kind = '', digest = ''] = key.split(':');
      return {
        ...{ key, digest, paths: [key], bytes: bytes[index] ?? 1 },
        kind: kind as StoredPart['kind'],
      };
    });
    return { images: known, stored, held: new Set(held), otherBytes };
  });

function requests({ images }: StoreState): CollectionRequest[] {
  return [
    { what: 'leftovers' },
    { what: 'unused' },
    ...images.flatMap(({ digest, references }): CollectionRequest[] => [
      { what: 'image', digest },
      { what: 'names', references: references.slice(0, 1) },
      { what: 'names', references },
    ]),
    ...[0, 50, 200, 500].map((limitBytes): CollectionRequest => ({ what: 'excess', limitBytes })),
  ];
}

/** What is left when the collection is done. */
function after(state: StoreState, { references, parts }: Collection): StoreState {
  return {
    ...state,
    images: state.images.map((image) => ({
      ...image,
      references: image.references.filter((reference) => !references.includes(reference)),
    })),
    stored: state.stored.filter((part) => !parts.includes(part)),
  };
}

function isNeeded({ references, usedBy, digest }: KnownImage, { held }: StoreState): boolean {
  return references.length > 0 || usedBy.length > 0 || held.has(digest);
}

function neededKeys(state: StoreState): Set<PartKey> {
  const images = state.images.filter((image) => isNeeded(image, state));
  return new Set([
    ...images.flatMap(({ parts }) => [...parts]),
    ...[...state.held].flatMap(keysOfDigest),
  ]);
}

describe('planCollection', () => {
  it('takes nothing that an image that stays, a sandbox or work under way needs', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        for (const request of requests(state)) {
          const plan = planCollection(state, request);
          const needed = neededKeys(after(state, plan));
          expect(plan.parts.filter(({ key }) => needed.has(key))).toEqual([]);
        }
      }),
    );
  });

  it('leaves nothing that is not needed, of what it looks at', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        for (const request of requests(state)) {
          const rest = after(state, planCollection(state, request));
          const needed = neededKeys(rest);
          const left = rest.stored.filter(({ key }) => !needed.has(key));
          if (request.what === 'leftovers' || request.what === 'unused') {
            expect(left).toEqual([]);
          }
          if (request.what === 'names' || request.what === 'image') {
            const mine = state.images.filter(({ digest, references }) =>
              request.what === 'image'
                ? digest === request.digest
                : references.some((reference) => request.references.includes(reference)),
            );
            const parts = new Set(mine.flatMap((image) => [...image.parts]));
            expect(left.filter(({ key }) => parts.has(key))).toEqual([]);
          }
        }
      }),
    );
  });

  it('takes no root apart: one whose layer goes goes, too', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        for (const request of requests(state)) {
          const plan = planCollection(state, request);
          const going = new Set(plan.parts.map(({ key }) => key));
          const rest = new Set(after(state, plan).stored.map(({ key }) => key));
          const broken = state.images.filter(
            ({ digest, parts }) =>
              rest.has(partKey('root', digest)) &&
              [...parts].some((key) => key.startsWith('layer:') && going.has(key)),
          );
          expect(broken).toEqual([]);
        }
      }),
    );
  });

  it('takes names of unused images alone when everything unused is to go', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { references } = planCollection(state, { what: 'unused' });
        const expected = state.images
          .filter((image) => !image.isKept && image.usedBy.length === 0)
          .filter(({ digest }) => !state.held.has(digest))
          .flatMap((image) => image.references);
        expect([...references].sort()).toEqual(expected.sort());
      }),
    );
  });

  it('goes down to a limit and no further, what was not used for the longest time first', () => {
    fc.assert(
      fc.property(anyState, fc.nat({ max: 2500 }), (state, limitBytes) => {
        const totalOf = ({ stored, otherBytes }: StoreState): number =>
          bytesOfParts(stored) + otherBytes;
        const plan = planCollection(state, { what: 'excess', limitBytes });
        const rest = after(state, plan);
        if (totalOf(state) <= limitBytes) {
          expect(plan).toEqual({ references: [], parts: [] });
          return;
        }
        const isCandidate = ({ digest, usedBy, isKept, isLocal }: KnownImage): boolean =>
          !isKept && !isLocal && usedBy.length === 0 && !state.held.has(digest);
        const gone = state.images.filter(({ references }) =>
          references.some((reference) => plan.references.includes(reference)),
        );
        expect(gone.filter((image) => !isCandidate(image))).toEqual([]);
        const left = rest.images.filter((image) => image.references.length > 0).filter(isCandidate);
        if (totalOf(rest) > limitBytes) expect(left).toEqual([]);
        const newest = Math.max(0, ...gone.map(({ lastUsedMs }) => lastUsedMs));
        expect(left.filter(({ lastUsedMs }) => lastUsedMs < newest)).toEqual([]);
        // Without the last one to go there was still too much.
        const last = gone.toSorted((a, b) => a.lastUsedMs - b.lastUsedMs).at(-1);
        if (last !== undefined) {
          const references = plan.references.filter((each) => !last.references.includes(each));
          const leftovers = planCollection(
            { ...state, stored: after(state, planCollection(state, { what: 'leftovers' })).stored },
            { what: 'names', references },
          );
          const before = planCollection(state, { what: 'leftovers' });
          const freed = bytesOfParts(before.parts) + bytesOfParts(leftovers.parts);
          expect(totalOf(state) - freed).toBeGreaterThan(limitBytes);
        }
      }),
    );
  });
});

describe('usageOf', () => {
  it('counts every byte once', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const usage = usageOf(state, undefined);
        const owned = new Set(
          state.images
            .filter(({ references, usedBy }) => references.length + usedBy.length > 0)
            .flatMap(({ parts }) => [...parts]),
        );
        const ofImages = bytesOfParts(state.stored.filter(({ key }) => owned.has(key)));
        expect(usage.totalBytes).toBe(ofImages + usage.otherBytes);
        const unique = usage.images.reduce((sum, { uniqueBytes }) => sum + uniqueBytes, 0);
        expect(unique).toBeLessThanOrEqual(ofImages);
        for (const { digest, uniqueBytes } of usage.images) {
          // What would go with it alone, if nobody used or held anything.
          const free = { ...state, held: new Set<string>() };
          const images = free.images.map((image) =>
            image.digest === digest ? { ...image, usedBy: [], references: ['its/name:1'] } : image,
          );
          const before = planCollection({ ...free, images }, { what: 'leftovers' });
          const plan = planCollection(
            { ...free, images },
            { what: 'names', references: ['its/name:1'] },
          );
          const own = plan.parts.filter((part) => !before.parts.includes(part));
          expect(bytesOfParts(own)).toBe(uniqueBytes);
        }
      }),
    );
  });
});
