/** Which QEMU a machine is started with: a saved one goes on in the same version alone. */
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { remember } from './probe-cache.ts';
import { describeQemu, findQemu, qemuProgramName } from './qemu-probe.ts';

/**
 * `7.2.22`; asked once for each program that is installed.
 * @throws AppError `vm/qemu-missing`
 */
export async function findQemuVersion(cacheDir: string): Promise<string> {
  const program = await findQemu();
  if (program === undefined) {
    throw new AppError('vm/qemu-missing', `There is no ${qemuProgramName(process.arch)}.`);
  }
  const { identity: key } = program;
  const what = { cacheDir, name: 'qemu-version', key, schema: z.string().max(64) };
  return remember(what, async () => (await describeQemu(program)).version);
}
