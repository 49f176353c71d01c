/** What of this host a template depends on. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { run } from '../host/child-process.ts';
import { findQemu, parseQemuVersion } from '../host/qemu-probe.ts';
import type { TemplateHost } from './template-shape.ts';

const timeoutMs = 20_000;
/** By the identity of the program: asking it takes tens of milliseconds. */
const versions = new Map<string, Promise<string>>();

/** The driver's version and the processor; both stay as they are while this process runs. */
export async function describeTemplateHost(): Promise<
  Pick<TemplateHost, 'driverVersion' | 'processor'>
> {
  const [driverVersion, processor] = await Promise.all([qemuVersion(), describeProcessor()]);
  return { driverVersion, processor };
}

async function qemuVersion(): Promise<string> {
  const qemu = await findQemu();
  if (qemu === undefined) return 'none';
  const known = versions.get(qemu.identity);
  if (known !== undefined) return known;
  const asked = run(qemu.path, ['--version'], { timeoutMs }).then(
    // With the program's own identity: a rebuilt one of the same version may have other devices.
    ({ stdout }) => `${parseQemuVersion(stdout) ?? 'unknown'} ${qemu.identity}`,
  );
  versions.set(qemu.identity, asked);
  asked.catch(() => {
    versions.delete(qemu.identity);
  });
  return asked;
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
