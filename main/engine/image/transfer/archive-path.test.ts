import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanEntryPath, linkTarget } from './archive-path.ts';

describe('names of entries', () => {
  it.each([
    ['./blobs/sha256/', 'blobs/sha256'],
    ['a//b/./c', 'a/b/c'],
    ['./', ''],
    ['na\u00c3\u00afve', 'naïve'],
  ])('%j is %j', (name, path) => {
    expect(cleanEntryPath(name)).toEqual({ ok: true, path });
  });

  it.each([
    ['../x', 'has ".." in it'],
    ['a/../b', 'has ".." in it'],
    ['/etc/passwd', 'is absolute'],
    ['a\0b', 'has a NUL in it'],
    ['x'.repeat(1025), 'is longer than 1024 bytes'],
  ])('%j is refused', (name, problem) => {
    expect(cleanEntryPath(name)).toEqual({ ok: false, problem });
  });

  it('never lead out of the archive', () => {
    const part = fc.constantFrom('..', '.', '', 'a', '/', '\0', '../..');
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (name, target) => {
        const results = [
          cleanEntryPath(name.join('/')),
          linkTarget('a/b', target.join('/'), 'symlink'),
          linkTarget('a/b', target.join('/'), 'hardlink'),
        ];
        for (const result of results) {
          if (result.ok) expect(result.path).not.toMatch(/^\/|(?:^|\/)\.\.?(?:\/|$)|\0|\/\//);
        }
      }),
    );
  });
});

describe('links', () => {
  it.each([
    ['a/layer.tar', '../b/layer.tar', 'symlink', 'b/layer.tar'],
    ['a/layer.tar', 'b/layer.tar', 'hardlink', 'b/layer.tar'],
    ['layer.tar', 'other.tar', 'symlink', 'other.tar'],
  ] as const)('%s -> %s (%s) leads to %s', (path, target, type, leadsTo) => {
    expect(linkTarget(path, target, type)).toEqual({ ok: true, path: leadsTo });
  });

  it.each([
    ['a/layer.tar', '../../x', 'symlink', 'leads out of the archive'],
    ['a/layer.tar', '../x', 'hardlink', 'leads out of the archive'],
    ['a/layer.tar', '/etc/passwd', 'symlink', 'leads to an absolute path'],
    ['a', 'x'.repeat(2000), 'symlink', 'has a target that is too long'],
  ] as const)('%s -> %s (%s) is refused', (path, target, type, problem) => {
    expect(linkTarget(path, target, type)).toEqual({ ok: false, problem });
  });
});
