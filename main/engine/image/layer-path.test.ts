import { describe, expect, it } from 'vitest';
import { cleanLinkTarget, readLayerPath } from './layer-path.ts';

const unsafe = expect.objectContaining({ code: 'image/layer-unsafe' }) as Error;

describe('readLayerPath', () => {
  it.each([
    ['etc/hosts', 'etc/hosts'],
    ['./etc//hosts/', 'etc/hosts'],
    ['/etc/hosts', 'etc/hosts'],
    ['./', ''],
    ['...', '...'],
    ['a.wh.b', 'a.wh.b'],
  ])('cleans %s to %s', (raw, path) => {
    expect(readLayerPath(raw)).toEqual({ kind: 'entry', path });
  });

  it('reads whiteouts', () => {
    expect(readLayerPath('etc/.wh.hosts')).toEqual({ kind: 'whiteout', path: 'etc/hosts' });
    expect(readLayerPath('.wh..wh..opq')).toEqual({ kind: 'opaque', path: '' });
    expect(readLayerPath('./var/.wh..wh..opq')).toEqual({ kind: 'opaque', path: 'var' });
    const longest = 'x'.repeat(255);
    expect(readLayerPath(`.wh.${longest}`)).toEqual({ kind: 'whiteout', path: longest });
  });

  it.each([
    '..',
    '../etc/passwd',
    'a/../../b',
    'a/b/..',
    '.wh.',
    'a/.wh..',
    'a/.wh...',
    '.wh..wh.plnk',
    '.wh.a/b',
    'x'.repeat(256),
    `.wh.${'x'.repeat(256)}`,
    'x/'.repeat(2049),
  ])('refuses %s', (raw) => {
    expect(() => readLayerPath(raw)).toThrow(unsafe);
  });

  it('refuses a NUL as damage', () => {
    expect(() => readLayerPath('a\0b')).toThrow(
      expect.objectContaining({
        code: 'image/layer-corrupt',
        message: expect.stringContaining('NUL') as string,
      }),
    );
  });
});

describe('cleanLinkTarget', () => {
  it('takes an absolute target from the root', () => {
    expect(cleanLinkTarget('/bin/sh', 'bin/dash')).toBe('bin/sh');
  });

  it.each(['', '/', '../sh', 'bin/../../sh'])('refuses %j and names the entry', (target) => {
    expect(() => cleanLinkTarget(target, 'bin/dash')).toThrow(unsafe);
    expect(() => cleanLinkTarget(target, 'bin/dash')).toThrow(/"bin\/dash"/);
  });
});
