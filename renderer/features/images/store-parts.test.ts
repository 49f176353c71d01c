import { describe, expect, it } from 'vitest';
import type { StoreUsage } from '../../../main/contract/image-upkeep.ts';
import { parseLimitGiB, partsOfStore, tilesOfParts, type StorePart } from './store-parts.ts';

const usage: StoreUsage = {
  totalBytes: 1_000,
  reclaimableBytes: 85,
  reclaimableWithImagesBytes: 185,
  images: [
    {
      digest: 'a',
      references: ['debian', 'debian:12'],
      usedBy: ['web'],
      uniqueBytes: 0,
      sharedBytes: 700,
    },
    {
      digest: 'b',
      references: ['registry.example/team/app'],
      usedBy: [],
      uniqueBytes: 100,
      sharedBytes: 700,
    },
    { digest: 'c', references: [], usedBy: ['old'], uniqueBytes: 110, sharedBytes: 0 },
  ],
  layers: [
    { diffId: 'base', bytes: 700, images: ['a', 'b'] },
    { diffId: 'own', bytes: 100, images: ['b'] },
    { diffId: 'nobody', bytes: 70, images: [] },
  ],
  // The layer of nobody, what a fetch left behind, and the records.
  otherBytes: 70 + 15 + 5,
};

describe('partsOfStore', () => {
  it('has every byte once, the largest part first, and says whose it is', () => {
    const parts = partsOfStore(usage);
    expect(parts.map(({ label, amount, look }) => [label, amount, look])).toEqual([
      ['debian, app', 700, 'shared'],
      ['c', 110, 'own'],
      ['app', 100, 'idle'],
      ['Layer of no image', 70, 'waste'],
      ['Left of fetches that did not end', 15, 'waste'],
      ['Records of the store, and work under way', 5, 'own'],
    ]);
    expect(parts.reduce((sum, { amount }) => sum + amount, 0)).toBe(usage.totalBytes);
    expect(parts[0]).toMatchObject({
      fullLabel: 'debian\nregistry.example/team/app',
      usedBy: ['web'],
    });
  });
});

describe('tilesOfParts', () => {
  it('takes the smallest of many together and loses none of them', () => {
    const parts = Array.from({ length: 200 }, (_, index): StorePart => ({
      ...{ key: String(index), label: '', remark: '', look: 'own', references: [], usedBy: [] },
      amount: 1_000 - index,
    }));
    const tiles = tilesOfParts(parts);
    const sum = (all: readonly { readonly amount: number }[]) =>
      all.reduce((total, { amount }) => total + amount, 0);
    expect(tiles).toHaveLength(60);
    expect(tiles.at(-1)?.label).toBe('141 smaller parts');
    expect(sum(tiles)).toBe(sum(parts));
    expect(tilesOfParts(parts.slice(0, 60))).toHaveLength(60);
  });
});

describe('parseLimitGiB', () => {
  it('reads a number of GiB, and no limit from an empty field', () => {
    expect(parseLimitGiB('20')).toEqual({ bytes: 20 * 1024 ** 3 });
    expect(parseLimitGiB(' 7,5 ')).toEqual({ bytes: 7.5 * 1024 ** 3 });
    expect(parseLimitGiB('')).toEqual({ bytes: undefined });
  });

  it.each(['0', '-1', '1e3', 'much', '99999999', '0x10'])('refuses %j', (typed) => {
    expect(parseLimitGiB(typed)).toHaveProperty('problem');
  });
});
