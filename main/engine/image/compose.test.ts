import { describe, expect, it } from 'vitest';
import { makeTar, type TarEntry } from '../testing/tar.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { composeDisk, composeTars, unpackBlob } from './testing/compose-tars.ts';

describe('composing layers', () => {
  const temporary = useTemporaryDirectory();

  const tree = async (
    ...layers: readonly (readonly TarEntry[])[]
  ): Promise<Record<string, string>> => {
    const nodes = await composeTars(temporary.path, ...layers.map((entries) => makeTar(entries)));
    const shown = [...nodes].map(([path, node]) => {
      const what = node.content?.toString() ?? node.target ?? '';
      return [path, `${node.type}${what === '' ? '' : ` ${what}`}`] as const;
    });
    return Object.fromEntries(shown.filter(([path]) => path !== '').sort());
  };
  const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

  it('takes away what a whiteout names, whatever it is', async () => {
    const lower: TarEntry[] = [{ name: 'a/b/c' }, { name: 'd' }, { name: 'kept' }];
    expect(
      await tree(lower, [{ name: 'a/.wh.b' }, { name: '.wh.d' }, { name: '.wh.none' }]),
    ).toEqual({
      a: 'directory',
      kept: 'file',
    });
  });

  it('applies whiteouts to lower layers only, before or after the entry', async () => {
    const lower: TarEntry[] = [
      { name: 'a', content: 'lower' },
      { name: 'b', content: 'lower' },
    ];
    const upper: TarEntry[] = [
      { name: '.wh.a' },
      { name: 'a', content: 'upper' },
      { name: 'b', content: 'upper' },
      { name: '.wh.b' },
    ];
    expect(await tree(lower, upper)).toEqual({ a: 'file upper', b: 'file upper' });
  });

  it('lets a whiteout beneath a file be', async () => {
    const upper = [{ name: 'f/.wh.x' }, { name: 'f/.wh..wh..opq' }];
    expect(await tree([{ name: 'f' }], upper)).toEqual({ f: 'file' });
  });

  it('empties an opaque directory of lower files, and of theirs beneath, wherever the mark is', async () => {
    const lower: TarEntry[] = [{ name: 'd/old' }, { name: 'd/sub/old' }];
    const first = [{ name: 'd/.wh..wh..opq' }, { name: 'd/new' }, { name: 'd/sub/new' }];
    const expected = { d: 'directory', 'd/new': 'file', 'd/sub': 'directory', 'd/sub/new': 'file' };
    expect(await tree(lower, first)).toEqual(expected);
    expect(await tree(lower, first.toReversed())).toEqual(expected);
  });

  it('takes the upper attributes of a directory and keeps what is in it', async () => {
    const nodes = await composeTars(
      temporary.path,
      makeTar([{ name: 'd', type: 'directory', mode: 0o700 }, { name: 'd/a' }]),
      makeTar([{ name: 'd', type: 'directory', mode: 0o1777, uid: 5 }]),
    );
    expect(nodes.get('d')).toMatchObject({ mode: 0o1777, uid: 5 });
    expect(nodes.has('d/a')).toBe(true);
  });

  it('makes parents that no layer has, owned by root', async () => {
    const nodes = await composeTars(temporary.path, makeTar([{ name: 'a/b/c', uid: 9 }]));
    expect(nodes.get('a/b')).toMatchObject({ mode: 0o755, uid: 0, gid: 0, mtimeSeconds: 0 });
  });

  it('replaces files by directories and directories by files; the last entry wins', async () => {
    const lower: TarEntry[] = [{ name: 'f' }, { name: 'd/x' }, { name: 'e', content: 'one' }];
    const upper: TarEntry[] = [{ name: 'f/x' }, { name: 'd' }];
    await expect(tree(lower, upper)).rejects.toThrow(refused('image/layer-unsafe'));
    expect(
      await tree(lower, [
        { name: 'f', type: 'directory' },
        { name: 'f/x' },
        { name: 'd' },
        { name: 'e', content: 'two' },
        { name: 'e', content: 'three' },
      ]),
    ).toEqual({ d: 'file', e: 'file three', f: 'directory', 'f/x': 'file' });
  });

  it('links to files of lower layers, and keeps the link when its target is replaced', async () => {
    const nodes = await composeTars(
      temporary.path,
      makeTar([{ name: 'a', content: 'old' }]),
      makeTar([
        { name: 'b', type: 'link', target: 'a' },
        { name: 'a', content: 'new' },
        { name: 'c', type: 'link', target: './b' },
      ]),
    );
    expect(nodes.get('b')).toMatchObject({ nlink: 2, content: Buffer.from('old') });
    expect(nodes.get('c')?.nid).toBe(nodes.get('b')?.nid);
    expect(nodes.get('a')).toMatchObject({ nlink: 1, content: Buffer.from('new') });
  });

  it.each([
    ['nothing', 'none'],
    ['a directory', 'd'],
    ['itself', 'l'],
    ['what it replaces', 'l/x'],
    ['what lies outside', '../../etc/passwd'],
  ])('refuses a hard link to %s', async (_what, target) => {
    const entries: TarEntry[] = [
      { name: 'd', type: 'directory' },
      { name: 'l/x' },
      { name: 'l', type: 'link', target },
    ];
    await expect(tree(entries)).rejects.toThrow(refused('image/layer-unsafe'));
    await expect(tree(entries)).rejects.toThrow(/"l"/);
  });

  it('follows links in the way to an entry, within the root', async () => {
    const lower: TarEntry[] = [
      { name: 'usr/bin/', type: 'directory' },
      { name: 'bin', type: 'symlink', target: 'usr/bin' },
      { name: 'out', type: 'symlink', target: '../../../..' },
      { name: 'etc', type: 'symlink', target: '/no/such/directory' },
    ];
    const upper: TarEntry[] = [
      { name: 'bin/tool' },
      { name: 'out/escaped' },
      { name: 'etc/passwd' },
      { name: 'bin/.wh.none' },
    ];
    expect(await tree(lower, upper)).toEqual({
      bin: 'symlink usr/bin',
      escaped: 'file',
      etc: 'symlink /no/such/directory',
      no: 'directory',
      'no/such': 'directory',
      'no/such/directory': 'directory',
      'no/such/directory/passwd': 'file',
      out: 'symlink ../../../..',
      usr: 'directory',
      'usr/bin': 'directory',
      'usr/bin/tool': 'file',
    });
  });

  it('replaces a link by a directory that the layer names', async () => {
    const lower: TarEntry[] = [{ name: 'real/a' }, { name: 'd', type: 'symlink', target: 'real' }];
    expect(await tree(lower, [{ name: 'd', type: 'directory' }, { name: 'd/b' }])).toEqual({
      d: 'directory',
      'd/b': 'file',
      real: 'directory',
      'real/a': 'file',
    });
  });

  it.each<[string, readonly TarEntry[]]>([
    ['links in a circle', [{ name: 'l', type: 'symlink', target: 'l' }, { name: 'l/x' }]],
    ['an entry beneath a file', [{ name: 'f' }, { name: 'f/x' }]],
    ['a file in place of the root', [{ name: './', type: 'symlink', target: '/etc' }]],
    ['a path that climbs', [{ name: 'a/../../x' }]],
    ['a whiteout of nothing', [{ name: '.wh.' }]],
    [
      'a tree deeper than any path',
      [
        { name: 'a/'.repeat(600), type: 'directory' },
        { name: 'l', type: 'symlink', target: 'a/'.repeat(600) },
        { name: `l/${'b/'.repeat(600)}`, type: 'directory' },
      ],
    ],
  ])('refuses %s', async (_what, entries) => {
    await expect(tree(entries)).rejects.toThrow(refused('image/layer-unsafe'));
  });

  it('drops attributes that steer an overlay, and those that Linux does not know', async () => {
    const xattrs = { 'trusted.overlay.opaque': 'y', 'user.kept': 'k', 'com.apple.quarantine': 'q' };
    const nodes = await composeTars(temporary.path, makeTar([{ name: 'a', xattrs }]));
    expect(nodes.get('a')?.xattrs).toEqual({ 'user.kept': Buffer.from('k').toString('hex') });
  });

  it('has the data of a layer that comes twice once', async () => {
    const layer = await unpackBlob(
      temporary.path,
      makeTar([{ name: 'a', content: 'x'.repeat(9000) }]),
    );
    const once = await composeDisk(temporary.path, [layer]);
    expect(await composeDisk(temporary.path, [layer, layer])).toHaveLength(once.length);
  });
});
