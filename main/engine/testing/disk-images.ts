/** Disk images with a small root, as tests need them: made by the tools of the distribution. */
import { mkdir, open, readFile, symlink, writeFile, copyFile, chmod } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from './run-tool.ts';

const bytesPerMiB = 1024 * 1024;

/** Makes a root directory with a shell, and a file `etc/which` that says which one it is. */
export async function makeBusyboxRoot(dir: string, which: string): Promise<void> {
  for (const folder of ['bin', 'sbin', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp', 'root']) {
    await mkdir(path.join(dir, folder), { recursive: true });
  }
  await copyFile('/bin/busybox', path.join(dir, 'bin/busybox'));
  await chmod(path.join(dir, 'bin/busybox'), 0o755);
  const applets = (await runTool('/bin/busybox', ['--list'])).trim().split('\n');
  for (const applet of applets) {
    if (applet !== 'busybox') await symlink('busybox', path.join(dir, 'bin', applet));
  }
  await writeFile(path.join(dir, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(path.join(dir, 'etc/which'), `${which}\n`);
}

/** Makes a raw disk of an ext4 filesystem with what is in `root`. */
export async function makeExt4Disk(file: string, root: string, sizeMiB = 64): Promise<void> {
  const args = ['-q', '-F', '-t', 'ext4', '-d', root, file, `${String(sizeMiB)}M`];
  await runTool('/usr/sbin/mke2fs', args);
}

/** Makes a raw disk of a btrfs filesystem with what is in `root`. */
export async function makeBtrfsDisk(file: string, root: string): Promise<void> {
  await runTool('truncate', ['-s', '160M', file]);
  await runTool('/usr/sbin/mkfs.btrfs', ['-q', '--rootdir', root, file]);
}

/**
 * Makes a raw disk of an xfs filesystem with busybox and a file `etc/which`: its tool takes the
 * names of files from a list (mkfs.xfs(8), "prototype file").
 */
export async function makeXfsDisk(file: string, root: string): Promise<void> {
  const applets = ['sh', 'cat', 'mount', 'grep', 'poweroff'];
  const lines = [
    ...['/', '0 0', 'd--755 0 0'],
    ...['bin d--755 0 0', `busybox ---755 0 0 ${root}/bin/busybox`],
    ...applets.map((applet) => `${applet} l--777 0 0 busybox`),
    ...['$', 'etc d--755 0 0', `which ---644 0 0 ${root}/etc/which`],
    ...[`passwd ---644 0 0 ${root}/etc/passwd`, '$'],
    ...['proc', 'sys', 'dev', 'run', 'root'].flatMap((name) => [`${name} d--755 0 0`, '$']),
    '$',
  ];
  const list = `${file}.proto`;
  await writeFile(list, `${lines.join('\n')}\n`);
  await runTool('truncate', ['-s', '320M', file]);
  await runTool('/usr/sbin/mkfs.xfs', ['-q', '-p', list, file]);
}

/** Makes a raw disk with a GPT whose partitions hold these filesystems, in their order. */
export async function makePartitionedDisk(file: string, parts: readonly string[]): Promise<void> {
  const contents = await Promise.all(parts.map((part) => readFile(part)));
  const sizes = contents.map((content) => Math.ceil(content.length / bytesPerMiB));
  const starts = sizes.map((_, index) => 1 + sizes.slice(0, index).reduce((a, b) => a + b, 0));
  const disk = await open(file, 'wx');
  await disk.truncate((2 + sizes.reduce((a, b) => a + b, 0)) * bytesPerMiB);
  const table = sizes.map(
    (size, index) => `start=${String(starts[index])}MiB, size=${String(size)}MiB`,
  );
  await runTool('/usr/sbin/sfdisk', ['--quiet', file], {
    input: ['label: gpt', ...table, ''].join('\n'),
  });
  for (const [index, content] of contents.entries()) {
    await disk.write(content, 0, content.length, (starts[index] ?? 0) * bytesPerMiB);
  }
  await disk.close();
}

/** The same disk in another format. */
export async function convertDisk(
  from: string,
  to: string,
  format: 'qcow2' | 'vmdk',
): Promise<void> {
  await runTool('qemu-img', ['convert', '-f', 'raw', '-O', format, from, to]);
}
