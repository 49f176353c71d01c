/**
 * The image `skerry/starter`: Debian's static BusyBox with its applets, so that a first sandbox
 * needs no registry.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack, type Pack } from 'tar-stream';
import { writeOciLayout } from './oci-layout.ts';
import { runCommand } from './run-command.ts';
import { starterDirectories, starterFiles } from './starter-files.ts';

/** Name of the image within its layout. */
const refName = 'latest';

/** What the image is made from. */
export interface StarterImageSource {
  /** Folder into which Debian's busybox-static was unpacked. */
  readonly packageRoot: string;
  readonly version: string;
  readonly arch: string;
}

/** Writes the OCI layout of the image into `dir`. The same package gives the same digest. */
export async function buildStarterImage(
  dir: string,
  { packageRoot, version, arch }: StarterImageSource,
): Promise<void> {
  const busyboxPath = await findBusybox(packageRoot);
  const applets = (await runCommand(busyboxPath, ['--list-full'])).split('\n').filter(Boolean);
  // When the package was built: true of what is in the image, and the same on every machine.
  const createdAt = (await stat(busyboxPath)).mtime;
  const layerTar = await buildStarterTar({
    busybox: await readFile(busyboxPath),
    license: await readFile(path.join(packageRoot, 'usr/share/doc/busybox-static/copyright')),
    applets,
    version,
    createdAt,
  });
  await writeOciLayout(dir, {
    refName,
    arch,
    createdAt,
    layerTar,
    createdBy: `Debian busybox-static ${version}`,
    config: {
      Env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        // A shell that is interactive and not a login shell reads this.
        'ENV=/etc/profile',
      ],
      Cmd: ['/bin/sh'],
      WorkingDir: '/root',
    },
  });
}

/** The one program of the package. */
export async function findBusybox(packageRoot: string): Promise<string> {
  for (const candidate of ['bin/busybox', 'usr/bin/busybox']) {
    const file = path.join(packageRoot, candidate);
    if (await stat(file).catch(() => undefined)) return file;
  }
  throw new Error('The package busybox-static holds no busybox.');
}

/** Content of the image's one layer. */
export interface StarterContent {
  readonly busybox: Uint8Array;
  readonly license: Uint8Array;
  /** Paths without a leading slash, as `busybox --list-full` prints them. */
  readonly applets: readonly string[];
  readonly version: string;
  readonly createdAt: Date;
}

type TarHeader = Parameters<Pack['entry']>[0];

/** The layer's tar; the same content gives the same bytes. */
export async function buildStarterTar(content: StarterContent): Promise<Uint8Array> {
  const archive = pack();
  const archived = buffer(archive);
  const add = (header: TarHeader, data?: Uint8Array): void => {
    const owned = { uid: 0, gid: 0, ...header, mtime: content.createdAt };
    if (data === undefined) archive.entry(owned);
    else archive.entry(owned, Buffer.from(data));
  };
  for (const { path: name, mode, ownerId = 0 } of starterDirectories) {
    add({ name: `${name}/`, type: 'directory', mode, uid: ownerId, gid: ownerId });
  }
  for (const { path: name, mode, text } of starterFiles(content.version)) {
    add({ name, mode }, Buffer.from(text));
  }
  add({ name: 'usr/share/licenses/busybox', mode: 0o644 }, content.license);
  add({ name: 'bin/busybox', mode: 0o755 }, content.busybox);
  for (const name of [...new Set(content.applets)].sort()) {
    if (name === 'bin/busybox') continue;
    add({ name, type: 'symlink', linkname: '/bin/busybox', mode: 0o777 });
  }
  archive.finalize();
  return await archived;
}
