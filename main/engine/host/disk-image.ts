/**
 * Disk images before a machine has them: what format they are and which other files they would
 * make QEMU open. Their bytes are their maker's, and after a first start their guest's.
 */
import { constants, type Stats } from 'node:fs';
import { lstat, open, realpath, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError, cancelledError, isAppError } from '../base/app-error.ts';
import {
  detectDiskFormat,
  diskHeadBytes,
  findQcow2Problem,
  findSparseVmdkProblem,
  isLuks,
  isVmdkDescriptor,
  type DiskFormat,
} from './disk-format.ts';
import { createOverlay, readImageInfo, type QemuImgInfo } from './qemu-img.ts';
import { maxDescriptorBytes, readVmdkDescriptor } from './vmdk-descriptor.ts';

/** A file, and how it is to be read. */
export interface DiskImageFile {
  /** Absolute, without symlinks. */
  readonly path: string;
  readonly format: DiskFormat;
}

/** What a disk image is. */
export interface DiskImageFacts {
  readonly format: DiskFormat;
  /** Size of the disk that a guest sees. */
  readonly virtualBytes: number;
  /** The files below it, the nearest first. */
  readonly backing: readonly DiskImageFile[];
  /** Files that hold data of it or of one below, besides those. */
  readonly otherFiles: readonly string[];
}

const maxDepth = 16;
const sectorBytes = 512;

/**
 * Looks at an image and at every file below it. The format is that of the content, never that of
 * the name; with `format` it is that one, whatever the content says.
 * @throws AppError `root/not-found`, `root/unsupported`, `vm/qemu-missing`, `operation/cancelled`
 */
export async function inspectDiskImage(
  file: string,
  options: { readonly format?: DiskFormat; readonly signal?: AbortSignal } = {},
): Promise<DiskImageFacts> {
  const { signal } = options;
  const top = await inspectFile(file, options.format, signal);
  const seen = new Set([top.key]);
  const backing: DiskImageFile[] = [];
  const otherFiles = [...top.otherFiles];
  for (let above = top; above.below !== undefined;) {
    const { path: name, format } = above.below;
    if (backing.length === maxDepth) {
      throw unsupported(file, `it rests on more than ${String(maxDepth)} files`);
    }
    const next = await inspectBelow(above.path, name, format, signal);
    if (seen.has(next.key)) throw unsupported(file, `${next.path} rests on itself`);
    seen.add(next.key);
    backing.push({ path: next.path, format: next.format });
    otherFiles.push(...next.otherFiles);
    above = next;
  }
  return { format: top.format, virtualBytes: top.virtualBytes, backing, otherFiles };
}

/**
 * Makes a disk at `file`, which must not be there, that begins with the content of `base` and
 * leaves it as it is: a qcow2 overlay of mode 0600.
 * @throws AppError `root/not-found`, `root/unsupported`, `vm/qemu-missing`, `store/no-space`,
 *   `operation/cancelled`; there is no file then
 */
export async function createForkDisk(options: {
  readonly base: DiskImageFile;
  readonly file: string;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { base, file, signal } = options;
  const withSignal = signal === undefined ? {} : { signal };
  const { virtualBytes } = await inspectDiskImage(base.path, {
    format: base.format,
    ...withSignal,
  });
  // qemu-img keeps the mode of a file that is there.
  await (await open(file, 'wx', 0o600)).close();
  try {
    const size = Math.ceil(virtualBytes / sectorBytes) * sectorBytes;
    const overlay = { base: base.path, baseFormat: base.format, file, virtualBytes: size };
    await createOverlay(overlay, signal);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

interface InspectedFile extends DiskImageFile {
  /** Names the file, whatever path leads to it. */
  readonly key: string;
  readonly virtualBytes: number;
  readonly below: { readonly path: string; readonly format: DiskFormat | undefined } | undefined;
  readonly otherFiles: readonly string[];
}

async function inspectBelow(
  above: string,
  file: string,
  format: DiskFormat | undefined,
  signal: AbortSignal | undefined,
): Promise<InspectedFile> {
  try {
    return await inspectFile(file, format, signal);
  } catch (error) {
    if (!isAppError(error, 'root/not-found')) throw error;
    throw new AppError('root/not-found', `${above} rests on ${file}. ${error.message}`, {
      cause: error,
    });
  }
}

async function inspectFile(
  file: string,
  wanted: DiskFormat | undefined,
  signal: AbortSignal | undefined,
): Promise<InspectedFile> {
  if (signal?.aborted === true) throw cancelledError(`Looking at ${file}`);
  const place = await realpath(file).catch((error: unknown) => {
    throw notFound(file, error);
  });
  const { handle, key, sizeBytes } = await openRegular(place);
  await using _closed = handle;
  const head = await readStart(handle, diskHeadBytes);
  const format = wanted ?? detectDiskFormat(head);
  const found = { path: place, format, key };
  switch (format) {
    case 'raw':
      if (sizeBytes === 0) throw unsupported(file, 'it is empty');
      if (wanted === undefined && isLuks(head)) throw unsupported(file, 'it is encrypted (LUKS)');
      return { ...found, virtualBytes: sizeBytes, below: undefined, otherFiles: [] };
    case 'qcow2': {
      throwProblem(file, findQcow2Problem(head));
      const info = await imageInfo(place, format, signal);
      if (info.encrypted === true) throw unsupported(file, 'it is encrypted');
      const below = backingFile(place, info);
      return { ...found, virtualBytes: info['virtual-size'], below, otherFiles: [] };
    }
    case 'vmdk': {
      const otherFiles = await inspectVmdk(file, place, handle, head, sizeBytes);
      const info = await imageInfo(place, format, signal);
      if (info['backing-filename'] !== undefined)
        throw unsupported(file, 'it rests on another VMDK');
      return { ...found, virtualBytes: info['virtual-size'], below: undefined, otherFiles };
    }
  }
}

/** What the image rests on, by the image's own words; refused where it is anything but a path. */
function backingFile(file: string, info: QemuImgInfo): InspectedFile['below'] {
  const name = info['backing-filename'];
  if (name === undefined) return undefined;
  // As QEMU tells a protocol from a path: a colon before any slash. path_has_protocol, block.c.
  if (name === '' || /^[^/]*:/.test(name)) {
    throw unsupported(file, `it rests on ${JSON.stringify(name)}, which is not a path`);
  }
  const format = info['backing-filename-format'];
  if (format !== undefined && !isDiskFormat(format)) {
    throw unsupported(file, `it rests on ${name} of the format ${JSON.stringify(format)}`);
  }
  return { path: path.resolve(path.dirname(file), name), format };
}

function isDiskFormat(format: string): format is DiskFormat {
  return format === 'raw' || format === 'qcow2' || format === 'vmdk';
}

/** The other files of a VMDK, each looked at before qemu-img opens it. */
async function inspectVmdk(
  name: string,
  file: string,
  handle: FileHandle,
  head: Buffer,
  sizeBytes: number,
): Promise<string[]> {
  if (!isVmdkDescriptor(head)) {
    throwProblem(file, findSparseVmdkProblem(head));
    return [];
  }
  if (sizeBytes > maxDescriptorBytes) throw unsupported(file, 'its text is too long');
  const reading = readVmdkDescriptor((await readStart(handle, sizeBytes)).toString('utf8'));
  if ('problem' in reading) throw unsupported(file, reading.problem);
  // QEMU looks beside the name that it is given, whatever that is a link to.
  if ((await realpath(path.dirname(name))) !== path.dirname(file)) {
    throw unsupported(name, 'it is a link to a VMDK of several files; name that one');
  }
  const others = new Set<string>();
  for (const extentFile of reading.extents) {
    const other = path.join(path.dirname(file), extentFile.name);
    if (others.has(other)) continue;
    others.add(other);
    const extent = await openRegular(other);
    await using _closed = extent.handle;
    if (!extentFile.isSparse) continue;
    throwProblem(other, findSparseVmdkProblem(await readStart(extent.handle, diskHeadBytes)));
  }
  return [...others];
}

async function imageInfo(
  file: string,
  format: DiskFormat,
  signal: AbortSignal | undefined,
): Promise<QemuImgInfo> {
  const info = await readImageInfo(file, format, signal);
  if (typeof info === 'string') throw unsupported(file, info);
  return info;
}

/** Opens no device, waits for no FIFO, and follows no link that came in the meantime. */
async function openRegular(
  file: string,
): Promise<{ handle: FileHandle; key: string; sizeBytes: number }> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  const check = (stats: Stats): void => {
    if (!stats.isFile()) throw unsupported(file, 'it is not a regular file');
  };
  let handle: FileHandle | undefined;
  try {
    // Some devices act on being opened.
    check(await lstat(file));
    handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    const stats = await handle.stat();
    check(stats);
    return { handle, key: `${String(stats.dev)}:${String(stats.ino)}`, sizeBytes: stats.size };
  } catch (error) {
    await handle?.close();
    throw isAppError(error) ? error : notFound(file, error);
  }
}

async function readStart(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function throwProblem(file: string, problem: string | undefined): void {
  if (problem !== undefined) throw unsupported(file, problem);
}

function unsupported(file: string, why: string): AppError {
  return new AppError('root/unsupported', `${file} cannot be used as a disk: ${why}.`);
}

function notFound(file: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('root/not-found', `There is no file ${file}.`, { cause });
    case 'ELOOP':
      return unsupported(file, 'it is a symbolic link, or behind a loop of them');
    case 'EACCES':
    case 'EPERM':
      return new AppError('root/unsupported', `${file} cannot be read by this user.`, { cause });
    default:
      return new AppError('root/unsupported', `${file} cannot be opened: ${String(code)}.`, {
        cause,
      });
  }
}
