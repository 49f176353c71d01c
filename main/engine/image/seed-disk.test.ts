import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readErofs, type ReadNode } from '../erofs/testing/read-erofs.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { removeSeedDisk, writeSeedDisk, type SeedFolders } from './seed-disk.ts';

describe('writeSeedDisk', () => {
  const temporary = useTemporaryDirectory();
  const at = (name: string) => path.join(temporary.path, name);
  const files = () => ({
    descriptor: at('seed.vmdk'),
    metadata: at('seed.erofs'),
    data: at('seed.data'),
  });

  async function write(folders: SeedFolders): Promise<Map<string, ReadNode>> {
    await writeSeedDisk(files(), folders);
    const { metadata, data } = files();
    return readErofs(Buffer.concat([await readFile(metadata), await readFile(data)]));
  }

  it('holds texts with their modes, of root, and one descriptor of both files', async () => {
    const text = '#!/bin/sh\necho "ünï"\n';
    const nodes = await write({ scripts: [{ name: 'greet', mode: 0o755, text }], patches: [] });
    expect(nodes.get('scripts/greet')).toMatchObject({ type: 'file', mode: 0o755, uid: 0, gid: 0 });
    expect(nodes.get('scripts/greet')?.content?.toString()).toBe(text);
    expect(nodes.get('patches')?.type).toBe('directory');
    expect(await readFile(files().descriptor, 'utf8')).toContain(`FLAT "${files().data}" 0`);
  });

  it('needs no data where nothing has content', async () => {
    const nodes = await write({ scripts: [{ name: 'empty', mode: 0o755, text: '' }] });
    expect(nodes.get('scripts/empty')?.content).toEqual(Buffer.alloc(0));
    expect(await readFile(files().descriptor, 'utf8')).not.toContain('seed.data');
  });

  it('copies a tree with its links as links, and follows one in front of it', async () => {
    await mkdir(at('tree/deep'), { recursive: true });
    await writeFile(at('tree/deep/file'), Buffer.alloc(3_000_000, 'content '));
    await chmod(at('tree/deep/file'), 0o4711);
    await chmod(at('tree/deep'), 0o1777);
    await symlink('/etc/passwd', at('tree/outside'));
    await writeFile(Buffer.concat([Buffer.from(`${at('tree')}/`), Buffer.of(0xff, 0x41)]), 'bytes');
    await symlink('tree', at('alias'));
    const nodes = await write({ patches: [{ name: '0', hostPath: at('alias') }] });
    expect([...nodes.keys()].sort()).toEqual([
      '',
      'patches',
      'patches/0',
      'patches/0/deep',
      'patches/0/deep/file',
      'patches/0/outside',
      'patches/0/ÿA',
    ]);
    expect(nodes.get('patches/0/deep')).toMatchObject({ mode: 0o1777, uid: 0 });
    const file = nodes.get('patches/0/deep/file');
    expect(file).toMatchObject({ mode: 0o4711, size: 3_000_000 });
    expect(file?.content?.equals(await readFile(at('tree/deep/file')))).toBe(true);
    expect(nodes.get('patches/0/outside')).toMatchObject({
      type: 'symlink',
      target: '/etc/passwd',
    });
  });

  it('takes the place of an earlier one', async () => {
    await write({ scripts: [{ name: 'one', mode: 0o755, text: 'x'.repeat(9000) }] });
    const nodes = await write({ scripts: [{ name: 'two', mode: 0o755, text: 'y' }] });
    expect([...nodes.keys()]).toEqual(['', 'scripts', 'scripts/two']);
    await removeSeedDisk(files());
    expect(await readdir(temporary.path)).toEqual([]);
  });

  it('refuses what cannot be copied, names it and leaves nothing', async () => {
    await mkdir(at('tree'));
    const server = createServer().listen(at('tree/socket'));
    await once(server, 'listening');
    const attempt = write({ patches: [{ name: '0', hostPath: at('tree') }] });
    await expect(attempt).rejects.toMatchObject({
      code: 'patch/source-missing',
      message: `${at('tree/socket')} is no file, directory or link.`,
    });
    server.close();
    const missing = write({ patches: [{ name: '0', hostPath: at('nowhere') }] });
    await expect(missing).rejects.toMatchObject({ code: 'patch/source-missing' });
    expect(await readdir(temporary.path)).toEqual(['tree']);
  });

  it('can be cancelled', async () => {
    await writeFile(at('file'), 'x');
    const folders = { patches: [{ name: '0', hostPath: at('file') }] };
    const attempt = writeSeedDisk(files(), folders, AbortSignal.abort());
    await expect(attempt).rejects.toMatchObject({ code: 'operation/cancelled' });
    expect(await readdir(temporary.path)).toEqual(['file']);
  });
});
