/** Disk images of all formats, made by the qemu-img of this machine, and hostile ones. */
import { link, mkdir, open, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTool } from '../testing/run-tool.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import type { DiskFormat } from './disk-format.ts';
import { createForkDisk, inspectDiskImage } from './disk-image.ts';

const bytesPerMiB = 1024 * 1024;
const temporary = useTemporaryDirectory();
const at = (name: string): string => join(temporary.path, name);

async function create(format: DiskFormat, name: string, ...options: string[]): Promise<string> {
  await runTool('qemu-img', ['create', '-q', '-f', format, ...options, at(name), '4M']);
  return at(name);
}

/** A qcow2 whose header names this backing file, whether it is there or not. */
async function createOn(backing: string, name: string, format = 'raw'): Promise<string> {
  return create('qcow2', name, '-u', '-F', format, '-b', backing);
}

async function overwrite(file: string, offset: number, bytes: Buffer): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, offset);
}

describe('inspectDiskImage', () => {
  it('knows each format under a wrong name, with the size that a guest sees', async () => {
    for (const format of ['raw', 'qcow2', 'vmdk'] as const) {
      const facts = { format, virtualBytes: 4 * bytesPerMiB, backing: [], otherFiles: [] };
      expect(await inspectDiskImage(await create(format, `${format}.iso`))).toEqual(facts);
    }
    const old = await create('qcow2', 'old', '-o', 'compat=0.10');
    expect(await inspectDiskImage(old)).toMatchObject({ format: 'qcow2' });
    const streamed = at('streamed');
    const how = ['-O', 'vmdk', '-o', 'subformat=streamOptimized'];
    await runTool('qemu-img', ['convert', '-f', 'raw', ...how, at('raw.iso'), streamed]);
    expect(await inspectDiskImage(streamed)).toMatchObject({ format: 'vmdk', otherFiles: [] });
  });

  it.each([
    ['monolithicFlat', ['disk-flat.vmdk']],
    ['twoGbMaxExtentSparse', ['disk-s001.vmdk']],
  ])('lists the files of a VMDK of the kind %s', async (subformat, names) => {
    const file = await create('vmdk', 'disk.vmdk', '-o', `subformat=${subformat}`);
    expect(await inspectDiskImage(file)).toEqual({
      ...{ format: 'vmdk', virtualBytes: 4 * bytesPerMiB, backing: [] },
      otherFiles: names.map(at),
    });
  });

  it('lists what an image rests on, the nearest first, each by its own path and format', async () => {
    await mkdir(at('below'));
    await create('vmdk', 'below/base.vmdk', '-o', 'subformat=monolithicFlat');
    await createOn('base.vmdk', 'below/middle', 'vmdk');
    await symlink('below/middle', at('link'));
    const top = await createOn('link', 'top', 'qcow2');
    expect(await inspectDiskImage(top)).toEqual({
      ...{ format: 'qcow2', virtualBytes: 4 * bytesPerMiB },
      backing: [
        { path: at('below/middle'), format: 'qcow2' },
        { path: at('below/base.vmdk'), format: 'vmdk' },
      ],
      otherFiles: [at('below/base-flat.vmdk')],
    });
  });

  it('looks at the content below where the image does not say what is there', async () => {
    await create('qcow2', 'base');
    const top = await createOn('base', 'top');
    // Without a name for the format: the header's extension for it ends the list instead.
    const head = await readFile(top);
    await overwrite(top, head.indexOf(Buffer.from('e2792aca', 'hex')), Buffer.alloc(8));
    expect((await inspectDiskImage(top)).backing).toEqual([{ path: at('base'), format: 'qcow2' }]);
  });

  it('takes what is said to be raw for raw, whatever it says itself', async () => {
    await createOn('/etc/shadow', 'liar');
    const top = await createOn('liar', 'top', 'raw');
    expect((await inspectDiskImage(top)).backing).toEqual([{ path: at('liar'), format: 'raw' }]);
  });

  it('shows which file of the host a hostile image would open', async () => {
    const top = await createOn('/etc/passwd', 'top');
    expect((await inspectDiskImage(top)).backing).toEqual([{ path: '/etc/passwd', format: 'raw' }]);
  });

  it.each([
    ['json:{"driver":"file","filename":"/etc/passwd"}', 'which is not a path'],
    ['nbd:localhost:10809', 'which is not a path'],
    ['http://localhost/disk', 'which is not a path'],
    ['file:/etc/passwd', 'which is not a path'],
    ['/dev/zero', 'it is not a regular file'],
  ])('refuses to rest on %s', async (backing, problem) => {
    const looking = inspectDiskImage(await createOn(backing, 'top'));
    await expect(looking).rejects.toMatchObject({
      code: 'root/unsupported',
      message: expect.stringContaining(problem) as string,
    });
  });

  it('waits for nobody where an image rests on a FIFO', async () => {
    await runTool('mkfifo', [at('fifo')]);
    const looking = inspectDiskImage(await createOn('fifo', 'top'));
    await expect(looking).rejects.toMatchObject({ code: 'root/unsupported' });
  });

  it('names the image and the file that it rests on where that is gone', async () => {
    const top = await createOn('gone', 'top');
    await expect(inspectDiskImage(top)).rejects.toMatchObject({
      code: 'root/not-found',
      message: `${top} rests on ${at('gone')}. There is no file ${at('gone')}.`,
    });
  });

  it('refuses another format below', async () => {
    const looking = inspectDiskImage(await createOn('/etc/passwd', 'top', 'vdi'));
    await expect(looking).rejects.toMatchObject({
      message: expect.stringContaining('of the format "vdi"') as string,
    });
  });

  it('refuses a loop, under several names too, and a chain without end', async () => {
    const first = await createOn('second', 'first', 'qcow2');
    await createOn('third', 'second', 'qcow2');
    await link(first, at('third'));
    await expect(inspectDiskImage(first)).rejects.toMatchObject({
      code: 'root/unsupported',
      message: expect.stringContaining('rests on itself') as string,
    });
    for (let index = 0; index < 18; index++) {
      await createOn(`chain${String(index + 1)}`, `chain${String(index)}`, 'qcow2');
    }
    await expect(inspectDiskImage(at('chain0'))).rejects.toMatchObject({
      message: expect.stringContaining('rests on more than 16 files') as string,
    });
  });

  it('refuses data in another file, and encryption', async () => {
    const data = ['-o', `data_file=${at('data')}`];
    await create('qcow2', 'external', ...data);
    const secret = ['--object', 'secret,id=key,data=abc'];
    // LUKS would measure the processor first, which fails where that is too fast for its clock.
    const aes = ['-o', 'encrypt.format=aes,encrypt.key-secret=key'];
    await create('qcow2', 'encrypted', ...secret, ...aes);
    for (const [name, problem] of [
      ['external', 'it keeps its data in another file'],
      ['encrypted', 'it is encrypted'],
    ] as const) {
      await expect(inspectDiskImage(at(name))).rejects.toMatchObject({
        code: 'root/unsupported',
        message: `${at(name)} cannot be used as a disk: ${problem}.`,
      });
    }
  });

  it('refuses a VMDK that rests on another', async () => {
    await create('vmdk', 'base.vmdk');
    const args = ['-f', 'vmdk', '-F', 'vmdk', '-b', at('base.vmdk'), at('top.vmdk')];
    await runTool('qemu-img', ['create', '-q', ...args]);
    await expect(inspectDiskImage(at('top.vmdk'))).rejects.toMatchObject({
      code: 'root/unsupported',
      message: expect.stringContaining('it rests on another VMDK') as string,
    });
  });

  it.each([
    ['clusters of any size', 20, Buffer.from('ffffffff', 'hex')],
    ['a first table without end', 36, Buffer.from('ffffffff', 'hex')],
    ['a header of any length', 100, Buffer.from('ffffffff', 'hex')],
    ['features that nobody knows', 72, Buffer.from('4000000000000000', 'hex')],
    ['a name without end for what it rests on', 8, Buffer.from('0000000000000068ffffffff', 'hex')],
    ['snapshots without end', 60, Buffer.from('ffffffff', 'hex')],
  ])('refuses a damaged qcow2 in words: %s', async (_what, offset, bytes) => {
    const file = await create('qcow2', 'damaged');
    await overwrite(file, offset, bytes);
    await expect(inspectDiskImage(file)).rejects.toMatchObject({ code: 'root/unsupported' });
  });

  it('refuses an image that was cut off', async () => {
    const file = await create('vmdk', 'cut');
    await runTool('truncate', ['--size=600', file]);
    await expect(inspectDiskImage(file)).rejects.toMatchObject({ code: 'root/unsupported' });
  });
});

describe('createForkDisk', () => {
  it('makes a disk of this user alone that rests on the other and has its size', async () => {
    await writeFile(at('base: one'), Buffer.alloc(bytesPerMiB + 100, 'x'));
    const before = await stat(at('base: one'));
    const base = { path: at('base: one'), format: 'raw' } as const;
    await createForkDisk({ base, file: at('fork') });
    expect((await stat(at('fork'))).mode & 0o777).toBe(0o600);
    expect(await inspectDiskImage(at('fork'))).toEqual({
      ...{ format: 'qcow2', virtualBytes: bytesPerMiB + 512, otherFiles: [], backing: [base] },
    });
    expect((await stat(at('base: one'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('can fork a fork, and a VMDK', async () => {
    const base = { path: await create('vmdk', 'base'), format: 'vmdk' } as const;
    await createForkDisk({ base, file: at('one') });
    await createForkDisk({ base: { path: at('one'), format: 'qcow2' }, file: at('two') });
    expect((await inspectDiskImage(at('two'))).backing).toEqual([
      { path: at('one'), format: 'qcow2' },
      base,
    ]);
  });

  it('leaves nothing where there is nothing to fork, and never overwrites', async () => {
    const base = { path: at('gone'), format: 'raw' } as const;
    const forking = createForkDisk({ base, file: at('fork') });
    await expect(forking).rejects.toMatchObject({ code: 'root/not-found' });
    await expect(stat(at('fork'))).rejects.toMatchObject({ code: 'ENOENT' });
    await writeFile(at('fork'), 'mine');
    await rename(await create('raw', 'there'), at('gone'));
    await expect(createForkDisk({ base, file: at('fork') })).rejects.toThrow(/EEXIST/);
    expect(await readFile(at('fork'), 'utf8')).toBe('mine');
  });
});
