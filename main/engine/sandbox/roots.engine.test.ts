/** Sandboxes whose root is a directory or a disk image of the host, in real guests. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { debianRootTimeoutMs, unpackDebianRoot } from '../testing/debian-root.ts';
import {
  convertDisk,
  makeBtrfsDisk,
  makeBusyboxRoot,
  makeExt4Disk,
  makePartitionedDisk,
  makeXfsDisk,
} from '../testing/disk-images.ts';
import { runTool } from '../testing/run-tool.ts';
import { createSandbox, runScript, succeed, TestHome } from '../testing/test-engine.ts';

let home: TestHome;
let engine: Engine;
const at = (name: string) => path.join(home.dir, name);

beforeAll(async () => {
  home = await TestHome.make();
  engine = await home.open();
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
});

async function output(name: string, script: string): Promise<string> {
  const { stdout, stderr, exit } = await runScript(engine, name, script);
  expect(exit, `${script}: ${stderr}`).toEqual({ kind: 'exited', code: 0 });
  return stdout;
}

const remove = (name: string) => engine.sandboxes.remove(name, { force: true });

/** debootstrap needs root, as the shared daemon of this distribution does. */
describe.skipIf(process.getuid?.() !== 0)('a directory made by debootstrap', () => {
  beforeAll(async () => {
    await unpackDebianRoot(at('debian'));
  }, debianRootTimeoutMs);

  it('is the root itself: the guest sees and changes these files', async () => {
    await writeFile(at('debian/etc/hostname'), 'of the user\n');
    await createSandbox(engine, { name: 'deb', image: at('debian'), shell: '/bin/bash' });
    expect(await output('deb', '. /etc/os-release; echo "$ID $VERSION_ID"; hostname')).toBe(
      'debian 12\ndeb\n',
    );
    await writeFile(at('debian/root/from-the-host'), 'host\n');
    const script = 'cat /root/from-the-host; echo guest > /root/from-the-guest; apt-get --version';
    expect(await output('deb', script)).toMatch(/^host\napt 2\./);
    expect(await readFile(at('debian/root/from-the-guest'), 'utf8')).toBe('guest\n');
    expect(await readFile(at('debian/etc/hostname'), 'utf8')).toBe('of the user\n');
    expect(engine.sandboxes.inspect('deb')).toMatchObject({
      root: { kind: 'directory', path: at('debian') },
      sharedBy: 'virtiofs',
      config: { root: { access: 'rw' } },
    });
    await remove('deb');
    expect((await stat(at('debian/bin/sh'))).isFile()).toBe(true);
  });

  it('stays as it is where it is read-only, with a disk above it that is kept', async () => {
    const request = { image: at('debian'), root: { access: 'ro' }, rootDiskMiB: 300 } as const;
    const patches = [{ kind: 'text', path: '/etc/motd', content: 'hi\n', replace: true }] as const;
    await createSandbox(engine, { name: 'kept', ...request, patches: [...patches] });
    await output(
      'kept',
      'echo mine > /root/mine; rm /etc/debian_version; cp -r /usr/share/doc /var/doc',
    );
    await engine.sandboxes.stop('kept');
    await succeed(engine, await engine.sandboxes.start('kept'));
    const script = 'cat /root/mine /etc/motd; ls /etc/debian_version 2>/dev/null || echo gone';
    expect(await output('kept', script)).toBe('mine\nhi\ngone\n');
    expect(await stat(at('debian/root/mine')).catch(() => 'none')).toBe('none');
    expect(await readFile(at('debian/etc/debian_version'), 'utf8')).toMatch(/^12/);
    await remove('kept');
  });

  it('is said to be gone when it is', async () => {
    await runTool('mkdir', [at('moved')]);
    await makeBusyboxRoot(at('moved'), 'moved');
    await createSandbox(engine, { name: 'moved', image: at('moved') });
    await engine.sandboxes.stop('moved');
    await runTool('mv', [at('moved'), at('elsewhere')]);
    const start = succeed(engine, await engine.sandboxes.start('moved'));
    await expect(start).rejects.toMatchObject({ code: 'root/not-found' });
    await remove('moved');
  });
});

describe('a disk image', () => {
  beforeAll(async () => {
    await makeBusyboxRoot(at('small'), 'small');
    await makeExt4Disk(at('raw.img'), at('small'));
    await convertDisk(at('raw.img'), at('disk-of-no-ending'), 'qcow2');
    await convertDisk(at('raw.img'), at('named-wrongly.qcow2'), 'vmdk');
    const empty = at('empty');
    await runTool('mkdir', [empty]);
    await makeExt4Disk(at('empty.img'), empty, 8);
    await makePartitionedDisk(at('parts.img'), [at('empty.img'), at('raw.img')]);
  });

  it('is the block device of the guest, and nothing is installed in it', async () => {
    await createSandbox(engine, { name: 'disk', image: at('raw.img') });
    expect(await output('disk', 'cat /etc/which; mount | grep " / "')).toMatch(
      /^small\n\/dev\/\S+ on \/ type ext4 \(rw/,
    );
    await output('disk', 'echo written > /root/file');
    await engine.sandboxes.stop('disk');
    await succeed(engine, await engine.sandboxes.start('disk'));
    expect(await output('disk', 'cat /root/file; ls / | grep -c skerry || true')).toBe(
      'written\n0\n',
    );
    await engine.sandboxes.stop('disk');
    await runTool('/usr/sbin/e2fsck', ['-f', '-n', at('raw.img')]);
    expect(engine.sandboxes.inspect('disk').root).toMatchObject({ kind: 'disk', format: 'raw' });
  });

  it('is written by one sandbox at a time, and the next is told which', async () => {
    await succeed(engine, await engine.sandboxes.start('disk'));
    const second = createSandbox(engine, { name: 'second', image: at('raw.img') });
    await expect(second).rejects.toMatchObject({
      code: 'root/in-use',
      message: expect.stringContaining('the sandbox "disk"') as string,
    });
    await remove('disk');
  });

  it('is known by its content, and a fork leaves it as it is', async () => {
    const before = await readFile(at('disk-of-no-ending'));
    const image = at('disk-of-no-ending');
    await createSandbox(engine, { name: 'fork', image, root: { fork: true } });
    await createSandbox(engine, { name: 'other', image, root: { fork: true } });
    await output('fork', 'echo mine > /root/mine');
    expect(await output('other', 'ls /root')).toBe('');
    expect(engine.sandboxes.inspect('fork').root).toMatchObject({ format: 'qcow2' });
    await engine.sandboxes.stop('fork');
    await succeed(engine, await engine.sandboxes.duplicate('fork', 'copy', { withDisk: true }));
    expect(await output('copy', 'cat /root/mine')).toBe('mine\n');
    const direct = createSandbox(engine, { name: 'direct', image });
    await expect(direct).rejects.toMatchObject({ code: 'root/in-use' });
    for (const name of ['fork', 'other', 'copy']) await remove(name);
    expect((await readFile(at('disk-of-no-ending'))).equals(before)).toBe(true);
  });

  it('can be a VMDK, which is never written', async () => {
    const before = await readFile(at('named-wrongly.qcow2'));
    await createSandbox(engine, { name: 'vmdk', image: at('named-wrongly.qcow2') });
    expect(await output('vmdk', 'cat /etc/which; echo x > /root/x; cat /root/x')).toBe(
      'small\nx\n',
    );
    expect(engine.sandboxes.inspect('vmdk')).toMatchObject({
      root: { format: 'vmdk' },
      config: { root: { format: 'vmdk', fork: true } },
    });
    await remove('vmdk');
    expect((await readFile(at('named-wrongly.qcow2'))).equals(before)).toBe(true);
  });

  it('may have partitions, of which the root is found or chosen', async () => {
    await createSandbox(engine, { name: 'parts', image: at('parts.img') });
    expect(await output('parts', 'cat /etc/which')).toBe('small\n');
    await remove('parts');
    const wrong = { name: 'wrong', image: at('parts.img'), root: { partition: 7 } };
    await expect(createSandbox(engine, wrong)).rejects.toMatchObject({
      code: 'agent/setup-failed',
    });
    const chosen = { name: 'chosen', image: at('parts.img'), root: { partition: 2 } };
    await createSandbox(engine, chosen);
    await remove('chosen');
  });

  it.each([
    ['btrfs', makeBtrfsDisk],
    ['xfs', makeXfsDisk],
  ] as const)('may be %s, and keeps what is written', async (type, make) => {
    const name = `a-${type}`;
    await makeBusyboxRoot(at(type), type);
    await make(at(`${type}.img`), at(type));
    await createSandbox(engine, { name, image: at(`${type}.img`) });
    const script = 'cat /etc/which; echo kept > /root/file; mount | grep " / "';
    expect(await output(name, script)).toMatch(
      new RegExp(`^${type}\n/dev/\\S+ on / type ${type} `),
    );
    await engine.sandboxes.stop(name);
    await succeed(engine, await engine.sandboxes.start(name));
    expect(await output(name, 'cat /root/file')).toBe('kept\n');
    await remove(name);
  });

  it('opens no file that only its content names', async () => {
    await writeFile(at('secret'), 'secret of the host\n'.repeat(100));
    const liar = ['create', '-f', 'qcow2', '-F', 'raw', '-b', at('secret'), at('liar'), '1M'];
    await runTool('qemu-img', liar);
    await expect(createSandbox(engine, { name: 'liar', image: at('liar') })).rejects.toMatchObject({
      code: 'root/backing-refused',
      message: expect.stringContaining(at('secret')) as string,
    });
    const raw = { name: 'liar', image: at('liar'), root: { format: 'raw' } } as const;
    await expect(createSandbox(engine, raw)).rejects.toMatchObject({ code: 'agent/setup-failed' });
    expect(engine.sandboxes.list()).toEqual([]);
  });

  it('is looked at again at each start: a header that was changed opens nothing more', async () => {
    await convertDisk(at('empty.img'), at('turned'), 'qcow2');
    await makeBusyboxRoot(at('turning'), 'turning');
    await makeExt4Disk(at('turning.img'), at('turning'));
    await convertDisk(at('turning.img'), at('turned'), 'qcow2');
    await createSandbox(engine, { name: 'turned', image: at('turned') });
    await engine.sandboxes.stop('turned');
    await runTool('qemu-img', ['rebase', '-u', '-F', 'raw', '-b', '/etc/shadow', at('turned')]);
    const start = succeed(engine, await engine.sandboxes.start('turned'));
    await expect(start).rejects.toMatchObject({ code: 'root/backing-refused' });
    await remove('turned');
  });
});
