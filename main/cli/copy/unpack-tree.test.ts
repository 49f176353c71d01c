/** Tars of a hostile sandbox on this machine. */
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeTar, type TarEntry } from '../../engine/testing/tar.ts';
import { useTemporaryDirectory } from '../../engine/testing/temporary-directory.ts';
import { unpackTree } from './unpack-tree.ts';

const temporary = useTemporaryDirectory();
const at = (name: string): string => path.join(temporary.path, name);
let leftOut: string[];

beforeEach(async () => {
  leftOut = [];
  await fs.mkdir(at('in'));
  await fs.mkdir(at('victim'));
  await fs.writeFile(at('victim/secret'), 'secret');
});

async function unpack(tar: Uint8Array, name?: string): Promise<void> {
  const { stream, done } = unpackTree({
    directory: at('in'),
    name,
    keepOwners: false,
    onLeftOut: (file) => leftOut.push(file),
  });
  stream.on('error', () => undefined);
  stream.write(tar);
  stream.end(null);
  await done;
}

const out: TarEntry = { name: 'out', type: 'symlink', target: '../victim' };

describe('a tar that is unpacked here', () => {
  it.each<[string, () => TarEntry[]]>([
    ['a name with ..', () => [{ name: 'a/../../victim/x', content: 'x' }]],
    ['an absolute name', () => [{ name: at('victim/x'), content: 'x' }]],
    ['a link that leads out', () => [out, { name: 'out/x', content: 'x' }]],
    ['a directory below a link', () => [out, { name: 'out/d', type: 'directory' }]],
    ['a directory in the place of a link', () => [out, { name: 'out', type: 'directory' }]],
    ['a hard link out', () => [{ name: 'h', type: 'link', target: '../victim/secret' }]],
    ['a hard link through a link', () => [out, { name: 'h', type: 'link', target: 'out/secret' }]],
    ['an endless name', () => [{ name: 'n/'.repeat(3000), content: 'x' }]],
  ])('is refused with %s', async (_what, entries) => {
    await expect(unpack(makeTar(entries()))).rejects.toMatchObject({
      data: { code: 'file/archive-invalid' },
    });
    expect(await fs.readdir(at('victim'))).toEqual(['secret']);
    expect((await fs.stat(at('victim/secret'))).nlink).toBe(1);
    expect((await fs.readdir(at('in'))).filter((name) => name.startsWith('.skerry'))).toEqual([]);
  });

  it('never writes through a link or another name of a file that is there', async () => {
    await fs.symlink('../victim/secret', at('in/link'));
    await fs.link(at('victim/secret'), at('in/hard'));
    await unpack(
      makeTar([
        { name: 'link', content: 'new' },
        { name: 'hard', content: 'new' },
      ]),
    );
    expect(await fs.readFile(at('victim/secret'), 'utf8')).toBe('secret');
    expect(await fs.readFile(at('in/link'), 'utf8')).toBe('new');
  });

  it('makes no programs that run as someone else, and no devices', async () => {
    await unpack(
      makeTar([
        { name: 'run', mode: 0o6755, content: 'x' },
        { name: 'null', type: 'character-device', device: { major: 1, minor: 3 } },
      ]),
    );
    expect((await fs.stat(at('in/run'))).mode & 0o7777).toBe(0o755);
    expect(await fs.readdir(at('in'))).toEqual(['run']);
    expect(leftOut).toEqual(['null']);
  });

  it('that is cut off leaves nothing half made', async () => {
    const tar = makeTar([
      { name: 'whole', content: 'x' },
      { name: 'cut', content: 'x'.repeat(5000) },
    ]);
    await expect(unpack(tar.subarray(0, 3000))).rejects.toThrow();
    expect(await fs.readdir(at('in'))).toEqual(['whole']);
  });

  it('takes another name, also where a link names it', async () => {
    await unpack(
      makeTar([
        { name: 'a', type: 'directory', mode: 0o500 },
        { name: 'a/file', content: 'x' },
        { name: 'a/hard', type: 'link', target: 'a/file' },
      ]),
      'b',
    );
    expect(await fs.readFile(at('in/b/hard'), 'utf8')).toBe('x');
    expect((await fs.stat(at('in/b'))).mode & 0o777).toBe(0o500);
    await fs.chmod(at('in/b'), 0o700);
  });
});
