import { describe, expect, it } from 'vitest';
import { parseLocalImages } from './local-images.ts';

const id = 'a'.repeat(64);

describe('parseLocalImages', () => {
  it('reads what docker prints', () => {
    const lines = [
      { Repository: 'registry.example/app', Tag: '1', ID: `sha256:${id}`, Size: '7.66MB' },
      { Repository: '<none>', Tag: '<none>', ID: `sha256:${id}`, Size: '1kB' },
      { Repository: 'other', Tag: 'latest', ID: `sha256:${id}`, Size: 'N/A' },
    ];
    const output = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    expect(parseLocalImages('docker', output)).toEqual([
      {
        program: 'docker',
        reference: 'registry.example/app:1',
        id: `sha256:${id}`,
        sizeBytes: 7_660_000,
      },
      { program: 'docker', reference: 'other:latest', id: `sha256:${id}` },
    ]);
    expect(parseLocalImages('docker', '')).toEqual([]);
  });

  it('reads what podman prints, where an image may be there once for each name', () => {
    const image = { Id: id, Names: ['localhost/a:1', 'localhost/a:2'], Size: 10 };
    const output = JSON.stringify([image, image, { Id: id, Names: null, Size: 1 }]);
    expect(parseLocalImages('podman', output)).toEqual([
      { program: 'podman', reference: 'localhost/a:1', id, sizeBytes: 10 },
      { program: 'podman', reference: 'localhost/a:2', id, sizeBytes: 10 },
    ]);
  });

  it('reads what buildah prints', () => {
    const output = JSON.stringify([{ id, names: ['localhost/a:1'], size: '3.77 KB' }, { id }]);
    expect(parseLocalImages('buildah', output)).toEqual([
      { program: 'buildah', reference: 'localhost/a:1', id, sizeBytes: 3770 },
    ]);
  });

  it.each(['docker', 'podman', 'buildah'] as const)('throws for anything else (%s)', (program) => {
    expect(() => parseLocalImages(program, '{"error": 1}')).toThrow();
    expect(() => parseLocalImages(program, 'Cannot connect')).toThrow();
  });
});
