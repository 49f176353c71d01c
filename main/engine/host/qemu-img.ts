/** What qemu-img is asked for in moments, each with an explicit format. */
import { open, rm } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { run, type RunResult } from './child-process.ts';
import type { DiskFormat } from './disk-format.ts';
import { findProgram } from './find-program.ts';
import { withSudo } from './kvm-probe.ts';

const infoTimeoutMs = 20_000;
const createTimeoutMs = 60_000;
/** An image may have many snapshots, of which it says several lines each. */
const maxOutputBytes = 4 * 1024 * 1024;

/** Of `qemu-img info --output=json`; QEMU, qapi/block-core.json, ImageInfo. */
const infoSchema = z.object({
  'virtual-size': z.int().nonnegative(),
  encrypted: z.boolean().optional(),
  'backing-filename': z.string().optional(),
  'backing-filename-format': z.string().optional(),
});

/** What qemu-img says of one file, and of no other. */
export type QemuImgInfo = z.infer<typeof infoSchema>;

/**
 * Looks at one image: what it names is not opened. `-U`: it may be in use.
 * @throws AppError `vm/qemu-missing`, `operation/cancelled`; what qemu-img says against the image
 *   is returned as text
 */
export async function readImageInfo(
  path: string,
  format: DiskFormat,
  signal?: AbortSignal,
): Promise<QemuImgInfo | string> {
  const result = await runQemuImg(
    ['info', '-U', '--output=json', '-f', format, path],
    infoTimeoutMs,
    signal,
  );
  if (result.timedOut) return `qemu-img needed more than ${String(infoTimeoutMs / 1000)} s for it`;
  if (result.exitCode !== 0) return lastLine(result);
  try {
    return infoSchema.parse(JSON.parse(result.stdout));
  } catch {
    return 'qemu-img did not say what it is';
  }
}

/**
 * Makes a qcow2 at `file` that rests on `base`, which is not opened.
 * @throws AppError `vm/qemu-missing`, `store/no-space`, `operation/cancelled`
 */
export async function createOverlay(
  overlay: { base: string; baseFormat: DiskFormat; file: string; virtualBytes: number },
  signal?: AbortSignal,
): Promise<void> {
  const { base, baseFormat, file, virtualBytes } = overlay;
  const below = ['-u', '-F', baseFormat, '-b', base];
  const args = ['create', '-q', '-f', 'qcow2', ...below, file, String(virtualBytes)];
  await changeImage(args, file, signal);
}

/**
 * Makes an empty qcow2 of mode 0600 at `file`, which must not be there. It names nothing below it:
 * whoever opens it says what that is.
 * @throws AppError as {@link createOverlay}; there is no file then
 */
export async function createBareOverlay(
  file: string,
  virtualBytes: number,
  signal?: AbortSignal,
): Promise<void> {
  // qemu-img keeps the mode of a file that is there.
  await (await open(file, 'wx', 0o600)).close();
  try {
    const args = ['create', '-q', '-f', 'qcow2', file, String(virtualBytes)];
    await changeImage(args, file, signal);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** Makes the disk of a qcow2 larger. @throws AppError as {@link createOverlay} */
export async function growQcow2(file: string, virtualBytes: number): Promise<void> {
  await changeImage(['resize', '-q', '-f', 'qcow2', file, String(virtualBytes)], file);
}

async function changeImage(
  args: readonly string[],
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  const result = await runQemuImg(args, createTimeoutMs, signal);
  if (result.exitCode === 0) return;
  const why = result.timedOut ? 'it took too long' : lastLine(result);
  if (/No space left|quota exceeded/i.test(why)) {
    throw new AppError('store/no-space', `There is no room for ${file}.`);
  }
  throw new Error(`qemu-img could not make ${file}: ${why}`);
}

/** @throws AppError `vm/qemu-missing` */
export async function qemuImgPath(): Promise<string> {
  const program = await findProgram('qemu-img');
  if (program !== undefined) return program.path;
  throw new AppError('vm/qemu-missing', 'qemu-img is not on the PATH.', {
    hint: `Install it: ${withSudo('apt-get install -y qemu-utils')}`,
  });
}

async function runQemuImg(
  args: readonly string[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  return run(await qemuImgPath(), args, { timeoutMs, maxOutputBytes, signal, env });
}

/** Without the name of the program, which says nothing to the user. */
function lastLine({ stderr, exitCode }: RunResult): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  const words = line.replace(/^qemu-img: /, '').replace(/[^\x20-\x7e]/g, '?');
  return words.slice(0, 300) || `qemu-img ended with exit code ${String(exitCode)}`;
}
