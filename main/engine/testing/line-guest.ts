/**
 * A guest for tests of drivers: the real kernel, and in the place of the agent a shell that runs
 * each line from its port and writes the output there. Needs Debian's busybox-static.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCpio, type CpioEntry } from '../../../native-helpers/guest-kernel/cpio.ts';
import { loadGuestAssets } from '../host/guest-assets-folder.ts';
import type { GuestKernelKind } from '../host/guest-assets.ts';
import { resolvePaths } from '../host/paths.ts';

/** What a machine boots to become the guest. */
export interface LineGuest {
  readonly kernelPath: string;
  readonly initramfsPath: string;
  readonly kernelArguments: readonly string[];
}

const init = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do
  case $module in virtio*) insmod /modules/$module ;; esac
done < /modules/load
poweroff() { busybox poweroff -f; }
reboot() { busybox reboot -f; }
panic() { echo c > /proc/sysrq-trigger; }
remember() { memory=$1; echo remembered; }
recall() { echo "$memory"; }
flood() { head -c "$1" /dev/zero | tr '\\\\0' x > /dev/console; }
cd /sys/block
disks() { for disk in vd*; do echo "$(cat $disk/serial) $(cat $disk/size) $(cat $disk/ro)"; done | sort | tr '\\n' ';'; echo; }
# The host tells a port's name after the port has come.
for port in /sys/class/virtio-ports/*; do
  until [ -e $port/name ]; do sleep 0.01; done
  [ "$(cat $port/name)" = skerry.agent ] && exec 3<> /dev/\${port##*/}
done
echo line-guest-ready > /dev/console
while :; do
  # Nobody has the other end: reading ends at once until somebody does.
  if read -r line <&3; then eval "$line" >&3 2>&1; else sleep 0.05; fi
done
`;

/** What a guest has besides, and which kernel where it is not the current one. */
export interface LineGuestOptions {
  readonly kernel?: GuestKernelKind;
  readonly files?: readonly CpioEntry[];
}

/** Makes the guest in a directory: the machine's own initramfs with another archive behind it. */
export async function makeLineGuest(
  directory: string,
  { kernel, files = [] }: LineGuestOptions = {},
): Promise<LineGuest> {
  const { cacheDir } = resolvePaths();
  const [assets, busybox] = await Promise.all([
    loadGuestAssets(cacheDir, kernel === undefined ? {} : { kernel }),
    readFile('/bin/busybox'),
  ]);
  const extra = buildCpio([
    { type: 'directory', path: 'bin', mode: 0o755 },
    { type: 'file', path: 'bin/busybox', mode: 0o755, data: busybox },
    { type: 'file', path: 'line-guest', mode: 0o755, data: Buffer.from(init) },
    ...files,
  ]);
  const initramfsPath = join(directory, 'line-guest.cpio');
  await writeFile(initramfsPath, Buffer.concat([await readFile(assets.initramfsPath), extra]));
  return {
    kernelPath: assets.kernelPath,
    initramfsPath,
    kernelArguments: [...assets.kernelArguments, 'rdinit=/line-guest'],
  };
}
