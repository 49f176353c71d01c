/**
 * What the guest answers about its files (PROTOCOL.md, "FILES"), and how it is read. Pure. Every
 * byte is an attacker's.
 */
import { maxListedFiles, type FileChange, type FileEntry } from '../../contract/files.ts';
import { Fields, tag } from './fields.ts';
import { protocolError } from './frame-codec.ts';

/** The guest sends less than this of an answer. */
export const maxAnswerBytes = 12 * 1024 * 1024;

/** A file that the guest tells of. */
export interface AnsweredFile {
  readonly entry: FileEntry;
  /** What was read or written; see {@link FileText}. */
  readonly version: string | undefined;
}

/** A whole answer. */
export interface FilesAnswer {
  readonly files: readonly AnsweredFile[];
  readonly isTruncated: boolean;
  /** Of a file that was read. */
  readonly content: Uint8Array | undefined;
}

/** Formats of st_mode (POSIX, sys/stat.h), as Linux numbers them. */
const kinds: Readonly<Record<number, FileEntry['kind']>> = {
  0o100000: 'file',
  0o040000: 'directory',
  0o120000: 'symlink',
  0o010000: 'fifo',
  0o140000: 'socket',
  0o020000: 'character-device',
  0o060000: 'block-device',
};
const formatMask = 0o170000;
const changes: Readonly<Record<number, FileChange>> = { 1: 'added', 2: 'modified', 3: 'removed' };
/** What a Date can be (ECMA-262, 21.4.1.1). */
const maxTimeMs = 8.64e15;
const maxPathLength = 8192;

/** @throws AppError `agent/protocol` */
export function readFilesAnswer(bytes: Uint8Array): FilesAnswer {
  const fields = new Fields(bytes);
  const files = fields.values(tag.file);
  if (files.length > maxListedFiles) throw protocolError('listed more files than it may');
  return {
    files: files.map((file) => readFile(new Fields(file))),
    isTruncated: fields.has(tag.isTruncated),
    content: fields.has(tag.content) ? fields.bytes(tag.content) : undefined,
  };
}

/** The file that an answer about one is about. @throws AppError `agent/protocol` */
export function onlyFile({ files }: FilesAnswer): AnsweredFile {
  const [file] = files;
  if (file === undefined) throw protocolError('answered nothing about a file');
  return file;
}

function readFile(fields: Fields): AnsweredFile {
  const mode = fields.u32(tag.fileMode);
  const kind = kinds[mode & formatMask];
  if (kind === undefined) throw protocolError(`sent the file mode ${mode.toString(8)}`);
  const change = fields.has(tag.change) ? changes[fields.u32(tag.change)] : undefined;
  return {
    entry: {
      name: textOf(fields, tag.fileName),
      kind,
      // The kernel itself tells of files with no end, as /proc/kcore.
      sizeBytes: Number(clamp(integer(fields, tag.fileSize, false), 0, Number.MAX_SAFE_INTEGER)),
      mode: mode & 0o7777,
      uid: fields.u32(tag.uid),
      gid: fields.u32(tag.gid),
      ...(fields.has(tag.user) && { user: fields.text(tag.user) }),
      ...(fields.has(tag.group) && { group: fields.text(tag.group) }),
      modifiedAtMs: Number(clamp(integer(fields, tag.modifiedAtMs, true), -maxTimeMs, maxTimeMs)),
      ...(fields.has(tag.target) && { target: textOf(fields, tag.target) }),
      ...(fields.has(tag.leadsToDirectory) && {
        leadsToDirectory: fields.u32(tag.leadsToDirectory) !== 0,
      }),
      ...(change !== undefined && { change }),
    },
    version: fields.has(tag.fileVersion) ? fields.text(tag.fileVersion) : undefined,
  };
}

/** A name as it is; bytes that are no UTF-8 become U+FFFD. */
function textOf(fields: Fields, tagNumber: number): string {
  return Buffer.from(fields.bytes(tagNumber)).toString('utf8').slice(0, maxPathLength);
}

function integer(fields: Fields, tagNumber: number, isSigned: boolean): bigint {
  const bytes = fields.bytes(tagNumber, 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isSigned ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
}

function clamp(value: bigint, min: number, max: number): bigint {
  if (value < BigInt(min)) return BigInt(min);
  return value > BigInt(max) ? BigInt(max) : value;
}
