import { describe, expect, it } from 'vitest';
import { formatImageReference, parseImageReference } from '../../../contract/image-reference.ts';
import { isAppError } from '../../base/app-error.ts';
import { namesOfAnnotations } from './archive-names.ts';
import { nameImages } from './name-images.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;

function named(images: Parameters<typeof nameImages>[1], as?: string): string[][] {
  const parsed = as === undefined ? undefined : parseImageReference(as);
  const reference = parsed?.ok === true ? parsed.reference : undefined;
  return nameImages('x.tar', images, reference).map((names) => names.map(formatImageReference));
}

function refusal(images: Parameters<typeof nameImages>[1], as?: string): string {
  try {
    named(images, as);
  } catch (error) {
    if (isAppError(error, 'image/reference-invalid')) return `${error.message} ${error.hint}`;
    throw error;
  }
  return '';
}

describe('names in the store', () => {
  it('are all of the archive, each once', () => {
    const names = ['app:1', 'docker.io/library/app:1', 'registry.example/app'];
    expect(named([{ names, digest }])).toEqual([
      ['docker.io/library/app:1', 'registry.example/app:latest'],
    ]);
  });

  it('are the one that was given, for one image', () => {
    expect(named([{ names: ['app:1', 'app:2'], digest }], 'mine')).toEqual([
      ['docker.io/library/mine:latest'],
    ]);
    expect(named([{ names: [], digest }], 'mine')).toHaveLength(1);
  });

  it('pass over nonsense where there is a name', () => {
    expect(named([{ names: ['<none>:<none>', 'app'], digest }])).toEqual([
      ['docker.io/library/app:latest'],
    ]);
  });

  it('are needed', () => {
    expect(refusal([{ names: [], digest }])).toBe(
      'The image in "x.tar" has no name. Give it a name: `skerry images import FILE --as NAME`.',
    );
    expect(refusal([{ names: ['A:B:C'], digest }])).toContain('has the name "A:B:C", which is no');
    const two = [
      { names: ['app'], digest },
      { names: [], digest: other },
    ];
    expect(refusal(two)).toContain(`The image ${other} in "x.tar" has no name.`);
  });

  it('are not without end', () => {
    const names = Array.from({ length: 257 }, (_, index) => `app:${String(index)}`);
    const images = [
      { names, digest },
      { names, digest: other },
    ];
    expect(() => named(images)).toThrow('has more than 512 names of images');
  });

  it('of several images are not replaced by one', () => {
    const two = [
      { names: ['app:1'], digest },
      { names: [], digest: other },
    ];
    expect(refusal(two, 'mine')).toContain(
      `"x.tar" holds 2 images, which cannot all be "mine": "app:1", "${other}".`,
    );
  });
});

describe('names of annotations', () => {
  it.each([
    [
      {
        'io.containerd.image.name': 'docker.io/library/a:1',
        'org.opencontainers.image.ref.name': '1',
      },
      ['docker.io/library/a:1'],
    ],
    [{ 'org.opencontainers.image.ref.name': 'localhost/a:1' }, ['localhost/a:1']],
    [{ 'org.opencontainers.image.ref.name': 'latest' }, []],
    [{}, []],
  ])('%j: %j', (annotations, names) => {
    expect(namesOfAnnotations(annotations)).toEqual(names);
  });
});
