/** What of this host a template depends on. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { findQemu } from '../host/qemu-probe.ts';
import { findQemuVersion } from '../host/qemu-version.ts';
import type { TemplateHost } from './template-shape.ts';

/** The driver's version and the processor; both stay as they are while this process runs. */
export async function describeTemplateHost(
  cacheDir: string,
): Promise<Pick<TemplateHost, 'driverVersion' | 'processor'>> {
  const [driverVersion, processor] = await Promise.all([
    qemuVersion(cacheDir),
    describeProcessor(),
  ]);
  return { driverVersion, processor };
}

/** With the program's own identity: a rebuilt one of the same version may have other devices. */
async function qemuVersion(cacheDir: string): Promise<string> {
  const qemu = await findQemu();
  if (qemu === undefined) return 'none';
  return `${await findQemuVersion(cacheDir)} ${qemu.identity}`;
}

let processor: Promise<string> | undefined;

/** The model and the features of the first processor, and the kernel that virtualizes it. */
function describeProcessor(): Promise<string> {
  processor ??= readFile('/proc/cpuinfo', 'utf8')
    .then((text) => {
      const [first = ''] = text.split('\n\n');
      const lines = first
        .split('\n')
        .filter(
          (line) =>
            /^(vendor|cpu family|model|stepping|flags|Features|CPU)/.test(line) &&
            !line.startsWith('cpu MHz'),
        );
      return createHash('sha256')
        .update([release(), ...lines].join('\n'))
        .digest('hex');
    })
    // Without /proc the model is in the system's own version, as far as that can be known.
    .catch(() => `${process.platform} ${process.arch} ${release()}`);
  return processor;
}
