import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../../oci/manifest.ts';
import { groupEntries } from './oci-images.ts';

const refName = 'org.opencontainers.image.ref.name';

function entry(digest: string, name?: string, architecture?: string): IndexEntry {
  return {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest,
    size: 1,
    annotations: name === undefined ? {} : { [refName]: name },
    ...(architecture !== undefined && { platform: { os: 'linux', architecture, variant: '' } }),
  };
}

/** `names: digests` of each group. */
function groups(...entries: IndexEntry[]): string[] {
  return groupEntries(entries).map(
    ({ names, entries: found }) =>
      `${names.join(' ')}: ${found.map(({ digest }) => digest).join(' ')}`,
  );
}

describe('entries of an index', () => {
  it('are an image each', () => {
    expect(groups(entry('a', 'x/a:1'), entry('b', 'x/b:1'))).toEqual(['x/a:1: a', 'x/b:1: b']);
  });

  it('with several names are one image', () => {
    expect(groups(entry('a', 'x/a:1'), entry('b', 'x/b:1'), entry('a', 'x/a:2'))).toEqual([
      'x/a:1 x/a:2: a',
      'x/b:1: b',
    ]);
  });

  it('of one name are one image for several platforms', () => {
    expect(groups(entry('a', 'x/a:1', 'amd64'), entry('b', 'x/a:1', 'arm64'))).toEqual([
      'x/a:1: a b',
    ]);
  });

  it('without a name are one image where each is for another platform', () => {
    expect(groups(entry('a', undefined, 'amd64'), entry('b', 'latest', 'arm64'))).toEqual([
      ': a b',
    ]);
    expect(groups(entry('a', undefined, 'amd64'), entry('b', undefined, 'amd64'))).toEqual([
      ': a',
      ': b',
    ]);
    expect(groups(entry('a'), entry('b'))).toEqual([': a', ': b']);
  });

  it('without a name are no other image where another entry names it', () => {
    expect(groups(entry('a'), entry('a', 'x/a:1'))).toEqual(['x/a:1: a']);
  });
});
