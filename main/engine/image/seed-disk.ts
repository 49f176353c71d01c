/**
 * The seed disk of a sandbox: a small read-only EROFS with its scripts and what its patches copy.
 * Files of the host are copied when the disk is made, so that the guest never reads the host's.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { lstat, open, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { AppError, cancelledError, isAppError } from '../base/app-error.ts';
import { asDiskError, systemErrorCode } from '../base/disk-error.ts';
import { blockBytes } from '../erofs/format/block.ts';
import type { DirectoryNode, NodeAttributes, TreeNode } from '../erofs/tree.ts';
import { writeErofs } from '../erofs/writer.ts';
import { writtenDataFile } from './layer-data-file.ts';
import { LayerDataWriter } from './layer-data-writer.ts';
import { limits } from './limits.ts';
import { buildVmdkDescriptor } from './vmdk.ts';

/** Something on a seed disk. */
export type SeedItem =
  | { readonly name: string; readonly mode: number; readonly text: string }
  /** A file or directory of the host, links in front followed, links inside kept. */
  | { readonly name: string; readonly hostPath: string };

/** What is on a seed disk, by folder: `scripts`, `patches`. */
export type SeedFolders = Readonly<Record<string, readonly SeedItem[]>>;

/** The files that a seed disk is made of; a machine is given the descriptor. */
export interface SeedFiles {
  readonly descriptor: string;
  readonly metadata: string;
  readonly data: string;
}

const readBytes = 1024 * 1024;

/**
 * Makes a seed disk in place of what was there.
 * @throws AppError `patch/source-missing` for what cannot be copied, `store/no-space`,
 *   `operation/cancelled`; nothing is left behind then
 */
export async function writeSeedDisk(
  files: SeedFiles,
  folders: SeedFolders,
  signal?: AbortSignal,
): Promise<void> {
  await removeSeedDisk(files);
  try {
    const { root, dataBytes } = await copyContents(files.data, folders, signal);
    const metadataBytes = await writeMetadata(files.metadata, root, dataBytes / blockBytes);
    const extents = [
      { path: files.metadata, sizeBytes: metadataBytes },
      { path: files.data, sizeBytes: dataBytes },
    ];
    const descriptor = buildVmdkDescriptor(extents.filter(({ sizeBytes }) => sizeBytes > 0));
    await writeFile(files.descriptor, descriptor, { mode: 0o600 });
  } catch (error) {
    await removeSeedDisk(files);
    throw asDiskError(error, files.data);
  }
}

/** Removes a seed disk, there or not. */
export async function removeSeedDisk(files: SeedFiles): Promise<void> {
  const paths = [files.descriptor, files.metadata, files.data];
  await Promise.all(paths.map((file) => rm(file, { force: true })));
}

async function copyContents(
  dataPath: string,
  folders: SeedFolders,
  signal: AbortSignal | undefined,
): Promise<{ root: DirectoryNode; dataBytes: number }> {
  const file = openSync(dataPath, 'wx', 0o600);
  try {
    const copier = new SeedCopier(new LayerDataWriter(writtenDataFile(file)), signal);
    const tops = new Map<string, TreeNode>();
    for (const [folder, items] of Object.entries(folders)) {
      const children = new Map<string, TreeNode>();
      for (const item of items) children.set(toBytes(item.name), await copier.copyItem(item));
      tops.set(folder, directory(children));
    }
    return { root: directory(tops), dataBytes: copier.finish() };
  } finally {
    closeSync(file);
  }
}

async function writeMetadata(
  file: string,
  root: DirectoryNode,
  dataBlocks: number,
): Promise<number> {
  const parts: Uint8Array[] = [];
  const options = { dataBlocks, uuid: new Uint8Array(16) };
  const { metadataBytes } = writeErofs(root, options, (bytes) => parts.push(bytes.slice()));
  await writeFile(file, Buffer.concat(parts), { flag: 'wx', mode: 0o600 });
  return metadataBytes;
}

/** Copies into the data of one disk. Everything belongs to root there, whoever it is of here. */
class SeedCopier {
  readonly #writer: LayerDataWriter;
  readonly #signal: AbortSignal | undefined;
  #entries = 0;

  constructor(writer: LayerDataWriter, signal: AbortSignal | undefined) {
    this.#writer = writer;
    this.#signal = signal;
  }

  finish(): number {
    this.#writer.finish();
    return this.#writer.blockCount * blockBytes;
  }

  async copyItem(item: SeedItem): Promise<TreeNode> {
    if ('text' in item) {
      const bytes = Buffer.from(item.text);
      this.#writer.beginFile(bytes.length);
      this.#writer.write(bytes, 0);
      return { type: 'file', ...attributes(item.mode), ...this.#writer.endFile() };
    }
    const source = Buffer.from(item.hostPath);
    try {
      // A link in front of the source stands for what it leads to.
      const found = await stat(source);
      return found.isDirectory()
        ? await this.#copyDirectory(source, found.mode, 0)
        : await this.#copyFile(source);
    } catch (error) {
      throw sourceError(error, item.hostPath);
    }
  }

  /** Names on the host are bytes, which need not be UTF-8. */
  async #copyAny(file: Buffer, depth: number): Promise<TreeNode> {
    const found = await lstat(file);
    if (found.isDirectory()) return this.#copyDirectory(file, found.mode, depth);
    if (found.isFile()) return this.#copyFile(file);
    if (found.isSymbolicLink()) {
      const target = await readlink(file, { encoding: 'buffer' });
      const kept = attributes(0o777, found.mtimeMs);
      return { type: 'symlink', ...kept, target: target.toString('latin1') };
    }
    throw new AppError('patch/source-missing', `${String(file)} is no file, directory or link.`, {
      hint: 'Remove it from the directory that is copied.',
    });
  }

  async #copyDirectory(dir: Buffer, mode: number, depth: number): Promise<DirectoryNode> {
    if (depth > limits.depth) {
      throw new AppError('patch/source-missing', `${String(dir)} is too deep.`);
    }
    const children = new Map<string, TreeNode>();
    for (const name of await readdir(dir, { encoding: 'buffer' })) {
      this.#countEntry(dir);
      const file = Buffer.concat([dir, Buffer.from('/'), name]);
      children.set(name.toString('latin1'), await this.#copyAny(file, depth + 1));
    }
    return { type: 'directory', ...attributes(mode & 0o7777), children };
  }

  async #copyFile(file: Buffer): Promise<TreeNode> {
    // Without blocking, so that a pipe which took the file's place hangs nobody.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await handle.stat();
    if (!found.isFile()) {
      throw new AppError('patch/source-missing', `${String(file)} is no regular file.`);
    }
    const { size, mode, mtimeMs } = found;
    this.#writer.beginFile(size);
    for (let offset = 0; offset < size;) {
      if (this.#signal?.aborted === true) throw cancelledError('The copy');
      const wanted = Math.min(readBytes, size - offset);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, offset);
      if (bytesRead === 0) break;
      this.#writer.write(buffer.subarray(0, bytesRead), offset);
      offset += bytesRead;
    }
    return { type: 'file', ...attributes(mode & 0o7777, mtimeMs), ...this.#writer.endFile() };
  }

  #countEntry(dir: Buffer): void {
    this.#entries += 1;
    if (this.#signal?.aborted === true) throw cancelledError('The copy');
    if (this.#entries <= limits.layerEntries) return;
    const message = `${String(dir)} has more entries than can be copied.`;
    throw new AppError('patch/source-missing', message);
  }
}

function directory(children: ReadonlyMap<string, TreeNode>): DirectoryNode {
  return { type: 'directory', ...attributes(0o755), children };
}

function attributes(mode: number, mtimeMs = 0): NodeAttributes {
  const mtimeSeconds = Math.floor(mtimeMs / 1000);
  const mtimeNanoseconds = Math.floor((mtimeMs - mtimeSeconds * 1000) * 1e6);
  return { mode, uid: 0, gid: 0, mtimeSeconds, mtimeNanoseconds, xattrs: [] };
}

/** A name's bytes as Latin-1 characters, as the EROFS writer has them. */
function toBytes(name: string): string {
  return Buffer.from(name).toString('latin1');
}

function sourceError(error: unknown, hostPath: string): unknown {
  const code = isAppError(error) ? undefined : systemErrorCode(error);
  if (code === undefined || code === 'ENOSPC' || code === 'EDQUOT') return error;
  const message = `${hostPath} cannot be copied: ${error instanceof Error ? error.message : code}.`;
  return new AppError('patch/source-missing', message, { cause: error });
}
