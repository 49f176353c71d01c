/** Images that are refused, and raw ones, without a look by qemu-img. */
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTool } from '../testing/run-tool.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { inspectDiskImage } from './disk-image.ts';

const beginOfQcow2 = Buffer.from('QFI\xfb', 'latin1');
const beginOfDescriptor = '# Disk DescriptorFile\nparentCID=ffffffff\n';

describe('inspectDiskImage', () => {
  const temporary = useTemporaryDirectory();
  const at = (name: string): string => join(temporary.path, name);

  async function make(name: string, content: string | Buffer): Promise<string> {
    await writeFile(at(name), content);
    return at(name);
  }

  it('takes what it does not know for raw, whatever it is called', async () => {
    const file = await make('disk.qcow2', Buffer.alloc(1000, 'x'));
    const facts = { format: 'raw', virtualBytes: 1000, backing: [], otherFiles: [] };
    expect(await inspectDiskImage(file)).toEqual(facts);
    await symlink(file, at('link'));
    expect(await inspectDiskImage(at('link'))).toEqual(facts);
  });

  it('does not look into a disk that is said to be raw', async () => {
    const liars = [
      beginOfQcow2,
      'KDMV',
      `${beginOfDescriptor}RW 8 FLAT "/etc/shadow" 0\n`,
      'LUKS\xba\xbe',
    ];
    for (const liar of liars) {
      const file = await make(
        'liar',
        typeof liar === 'string' ? Buffer.from(liar, 'latin1') : liar,
      );
      await truncate(file, 4096);
      expect(await inspectDiskImage(file, { format: 'raw' })).toEqual({
        ...{ format: 'raw', virtualBytes: 4096, backing: [], otherFiles: [] },
      });
    }
  });

  it('says that a file is not there', async () => {
    await expect(inspectDiskImage(at('none'))).rejects.toMatchObject({
      code: 'root/not-found',
      message: `There is no file ${at('none')}.`,
    });
    await expect(inspectDiskImage('/dev/null/disk')).rejects.toMatchObject({
      code: 'root/not-found',
    });
  });

  it('waits for no FIFO and opens no device and no loop of links', async () => {
    await runTool('mkfifo', [at('fifo')]);
    await mkdir(at('dir'));
    await symlink('loop', at('loop'));
    for (const file of [at('fifo'), '/dev/zero', at('dir')]) {
      await expect(inspectDiskImage(file)).rejects.toMatchObject({
        code: 'root/unsupported',
        message: `${file} cannot be used as a disk: it is not a regular file.`,
      });
    }
    await expect(inspectDiskImage(at('loop'))).rejects.toMatchObject({ code: 'root/unsupported' });
  });

  it.each([
    ['nothing in it', Buffer.alloc(0), 'it is empty'],
    ['a qcow2 that ends early', beginOfQcow2, 'its header ends early'],
    ['a VMDK that ends early', Buffer.from('KDMV'), 'its header ends early'],
    ['LUKS', Buffer.from('LUKS\xba\xbe', 'latin1'), 'it is encrypted (LUKS)'],
    ['a text that names no file', Buffer.from(beginOfDescriptor), 'it names no file with its data'],
    [
      'a text that names a file elsewhere',
      Buffer.from(`${beginOfDescriptor}RW 8 FLAT "/etc/shadow" 0\n`),
      'line 3 of its text names "/etc/shadow", which is not a file beside it',
    ],
    [
      'a text without end',
      Buffer.concat([Buffer.from(beginOfDescriptor), Buffer.alloc(1024 * 1024, '#')]),
      'its text is too long',
    ],
  ])('refuses %s', async (_what, content, problem) => {
    const file = await make('disk', content);
    await expect(inspectDiskImage(file)).rejects.toMatchObject({
      code: 'root/unsupported',
      message: `${file} cannot be used as a disk: ${problem}.`,
    });
  });

  it.each(['qcow2', 'vmdk'] as const)('refuses another content than %s', async (format) => {
    const file = await make('disk', Buffer.alloc(4096));
    await expect(inspectDiskImage(file, { format })).rejects.toMatchObject({
      code: 'root/unsupported',
      message: expect.stringContaining('it does not begin as a') as string,
    });
  });

  it('looks at the files of a VMDK before anybody opens them', async () => {
    const file = await make('disk', `${beginOfDescriptor}RW 8 FLAT "a" 0\n`);
    await expect(inspectDiskImage(file)).rejects.toMatchObject({ code: 'root/not-found' });
    await symlink('/etc/passwd', at('a'));
    await expect(inspectDiskImage(file)).rejects.toMatchObject({
      message: `${at('a')} cannot be used as a disk: it is not a regular file.`,
    });
    // A sparse file of the VMDK may have a text of its own, which names others.
    await make('disk', `${beginOfDescriptor}RW 8 SPARSE "b"\n`);
    const nested = Buffer.alloc(1024);
    nested.write('KDMV');
    nested.writeUInt32LE(1, 4);
    await make('b', nested);
    await expect(inspectDiskImage(file)).rejects.toMatchObject({
      message: `${at('b')} cannot be used as a disk: its header has no capacity.`,
    });
  });

  it('does not follow a link to a VMDK of several files, which QEMU would look for beside it', async () => {
    await mkdir(at('elsewhere'));
    const file = await make('elsewhere/disk', `${beginOfDescriptor}RW 8 FLAT "a" 0\n`);
    await make('elsewhere/a', Buffer.alloc(4096));
    await symlink(file, at('link'));
    await expect(inspectDiskImage(at('link'))).rejects.toMatchObject({
      code: 'root/unsupported',
      message: expect.stringContaining('it is a link to a VMDK of several files') as string,
    });
  });

  it('can be cancelled', async () => {
    const file = await make('disk', 'x');
    const looking = inspectDiskImage(file, { signal: AbortSignal.abort() });
    await expect(looking).rejects.toMatchObject({ code: 'operation/cancelled' });
  });
});
