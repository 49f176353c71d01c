/** Images that tests boot, pull and unpack. */
import { readFile } from 'node:fs/promises';
import { runTool } from './run-tool.ts';
import { makeTar, type TarEntry } from './tar.ts';
import { writeOciLayout, type LayoutOptions, type WrittenImage } from './write-oci-layout.ts';

/** Debian's busybox-static; merged and unmerged systems both have this path. */
const busyboxPath = '/bin/busybox';

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Writes an image with a shell: busybox at /bin/busybox, its applets as symlinks, an environment
 * with GREETING, and /bin/sh as its command.
 */
export async function writeBusyboxImage(
  dir: string,
  options: LayoutOptions & { readonly extra?: readonly TarEntry[] } = {},
): Promise<WrittenImage> {
  const { extra = [], ...layout } = options;
  const tar = makeTar([...(await busyboxEntries()), ...extra]);
  return await writeOciLayout(dir, [tar], {
    config: { Env: [path, 'GREETING=hello from the image'], Cmd: ['/bin/sh'], WorkingDir: '/' },
    ...layout,
  });
}

async function busyboxEntries(): Promise<TarEntry[]> {
  const applets = (await runTool(busyboxPath, ['--list-full'])).trim().split('\n').sort();
  const directories = ['bin', 'sbin', 'usr', 'usr/bin', 'usr/sbin', 'etc', 'dev', 'proc', 'sys'];
  return [
    ...directories.map((name) => ({ name, type: 'directory' }) as const),
    { name: 'root', type: 'directory', mode: 0o700 },
    { name: 'tmp', type: 'directory', mode: 0o1777 },
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n' },
    { name: 'etc/group', content: 'root:x:0:\nuser:x:1000:\n' },
    { name: 'bin/busybox', mode: 0o755, content: await readFile(busyboxPath) },
    ...applets
      .filter((name) => name !== 'bin/busybox')
      .map((name) => ({ name, type: 'symlink', target: '/bin/busybox' }) as const),
  ];
}

/**
 * Writes a two-layer image that has one of everything a layer can hold: the upper layer removes,
 * replaces and hides what the lower one brings. Making its devices needs root; reading it does not.
 */
export async function writeEverythingImage(
  dir: string,
  options: LayoutOptions = {},
): Promise<WrittenImage> {
  return await writeOciLayout(dir, [makeTar(lowerEntries), makeTar(upperEntries)], options);
}

const longName = `${'a-directory-with-a-long-name/'.repeat(4)}${'file'.repeat(60)}`;
const longDirectories = [1, 2, 3, 4].map(
  (depth) => ({ name: 'a-directory-with-a-long-name/'.repeat(depth), type: 'directory' }) as const,
);

const lowerEntries: readonly TarEntry[] = [
  { name: 'etc', type: 'directory' },
  { name: 'etc/hostname', content: 'lower\n' },
  { name: 'etc/removed', content: 'not to be seen\n' },
  { name: 'bin', type: 'directory' },
  { name: 'bin/tool', mode: 0o4755, content: 'setuid\n' },
  { name: 'bin/group-tool', mode: 0o2755, gid: 42, content: 'setgid\n' },
  { name: 'bin/hard-link', type: 'link', target: 'bin/tool' },
  { name: 'bin/relative', type: 'symlink', target: 'tool' },
  { name: 'bin/absolute', type: 'symlink', target: '/bin/tool' },
  { name: 'bin/dangling', type: 'symlink', target: '../no/such/file' },
  { name: 'bin/long-symlink', type: 'symlink', target: `/${'x'.repeat(240)}` },
  { name: 'opaque', type: 'directory' },
  { name: 'opaque/hidden', content: 'hidden by the upper layer\n' },
  { name: 'opaque/nested', type: 'directory' },
  { name: 'opaque/nested/hidden', content: 'hidden with its directory\n' },
  { name: 'gone', type: 'directory' },
  { name: 'gone/file', content: 'removed with its directory\n' },
  { name: 'becomes-a-file', type: 'directory' },
  { name: 'becomes-a-file/child', content: 'goes with its directory\n' },
  { name: 'becomes-a-directory', content: 'a file here\n' },
  { name: 'tmp', type: 'directory', mode: 0o1777 },
  { name: 'dev', type: 'directory' },
  { name: 'dev/null', type: 'character-device', mode: 0o666, device: { major: 1, minor: 3 } },
  { name: 'dev/disk', type: 'block-device', mode: 0o660, device: { major: 254, minor: 300 } },
  { name: 'dev/pipe', type: 'fifo', mode: 0o600 },
  { name: 'owned', uid: 1000, gid: 100, mode: 0o640, content: 'of user 1000\n' },
  { name: 'owned-by-a-large-id', uid: 4_000_000_000, gid: 3_000_000_000, content: 'large ids\n' },
  { name: 'empty', content: '' },
  { name: 'one-block', content: 'b'.repeat(4096) },
  { name: 'more-than-a-block', content: 'c'.repeat(4097) },
  { name: 'large', content: Buffer.alloc(300_000, 'large file ') },
  { name: 'old', mtime: 1, content: 'from 1970\n' },
  { name: 'fraction', mtime: 1_700_000_000.25, content: 'a quarter of a second\n' },
  { name: 'later', mtime: 6_000_000_000, content: 'from 2160\n' },
  {
    name: 'attributes',
    content: 'has extended attributes\n',
    xattrs: { 'user.comment': 'a comment', 'user.binary': Uint8Array.of(0, 1, 255) },
  },
  {
    name: 'capable',
    mode: 0o755,
    content: 'has a capability\n',
    // cap_net_raw, effective and permitted, revision 2: linux/capability.h.
    xattrs: {
      'security.capability': Uint8Array.of(
        1,
        0,
        0,
        2,
        0,
        32,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
      ),
    },
  },
  ...longDirectories,
  { name: longName, content: 'deep\n' },
  { name: `gnu-${'n'.repeat(150)}`, longNames: 'gnu', content: 'a long name the GNU way\n' },
  { name: 'naïve café ☕ 日本語', content: 'not ASCII\n' },
  { name: 'with space and "quotes" and \\backslash', content: 'awkward\n' },
  { name: `n${'m'.repeat(254)}`, content: 'the longest name\n' },
];

const upperEntries: readonly TarEntry[] = [
  { name: 'etc', type: 'directory', mode: 0o750 },
  { name: 'etc/hostname', content: 'upper\n' },
  { name: 'etc/.wh.removed' },
  { name: 'opaque', type: 'directory' },
  { name: 'opaque/new', content: 'in the opaque directory\n' },
  { name: 'opaque/.wh..wh..opq' },
  { name: '.wh.gone' },
  { name: 'becomes-a-file', content: 'a file now\n' },
  { name: 'becomes-a-directory', type: 'directory' },
  { name: 'becomes-a-directory/child', content: 'a child now\n' },
  { name: 'bin', type: 'directory' },
  { name: 'bin/new-tool', mode: 0o755, content: 'new\n' },
  { name: 'bin/second-link', type: 'link', target: 'bin/new-tool' },
  { name: 'without/its/parents', content: 'its directories are not in the tar\n' },
];
