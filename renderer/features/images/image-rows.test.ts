import { describe, expect, it } from 'vitest';
import { anImage } from '../../testing/builders.ts';
import { filterImageRows, imageRows } from './image-rows.ts';

const debian = anImage({ reference: 'debian:bookworm', digest: 'sha256:aa' });
const app = anImage({ reference: 'registry.example/app', digest: 'sha256:bb' });
const usage = {
  images: [
    {
      digest: 'sha256:bb',
      references: ['registry.example/app'],
      usedBy: ['web-api'],
      uniqueBytes: 5,
      sharedBytes: 7,
    },
  ],
};

describe('imageRows', () => {
  it('joins images and usage by their digest', () => {
    expect(imageRows([debian, app], usage)).toEqual([
      { image: debian, bytes: undefined, usedBy: [] },
      { image: app, bytes: { unique: 5, shared: 7 }, usedBy: ['web-api'] },
    ]);
  });
});

describe('filterImageRows', () => {
  const rows = imageRows([debian, app], usage);

  it.each([
    ['', ['debian:bookworm', 'registry.example/app']],
    ['BOOK', ['debian:bookworm']],
    ['web amd64', ['registry.example/app']],
    ['sha256:aa', ['debian:bookworm']],
    ['debian app', []],
  ])('finds by %j', (typed, references) => {
    expect(filterImageRows(rows, typed).map(({ image }) => image.reference)).toEqual(references);
  });
});
