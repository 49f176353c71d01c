/**
 * The index of an unpacked layer: its entries in the order of the tar, for that order matters when
 * layers are merged. Magic, SHA-256 of the body, body: version, data blocks, entry count, entries.
 * A path is the length it shares with the one before it, and the rest.
 */
import { createHash } from 'node:crypto';
import type { Extent } from '../erofs/format/chunk-map.ts';
import type { NodeAttributes } from '../erofs/tree.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { FileContent, LayerEntry } from './layer-entry.ts';
import { LayerProblem, unsafeLayer } from './layer-problem.ts';
import { limits } from './limits.ts';

/** Version of the format; another one is unpacked again. */
export const layerIndexVersion = 1;

const magic = Buffer.from('SKLAYER\n', 'latin1');
const headBytes = magic.length + 32;
const tags = [
  'file',
  'directory',
  'symlink',
  'character-device',
  'block-device',
  'fifo',
  'hardlink',
  'whiteout',
  'opaque',
] as const satisfies readonly LayerEntry['type'][];
const maxBlocks = 2 ** 32;
const maxId = 0xffff_ffff;

/** What an index says of its layer. */
export interface LayerIndex {
  /** Blocks of the layer's data file. */
  readonly dataBlocks: number;
  /** In the order of the tar; each is made as it is asked for. */
  readonly entries: Iterable<LayerEntry>;
}

/** Gathers the entries of an index. */
export class LayerIndexBuilder {
  readonly #body = new ByteWriter();
  #count = 0;
  #previous = '';

  get entryCount(): number {
    return this.#count;
  }

  /** Adds the next entry. Throws `image/layer-unsafe` where there are too many. */
  add(entry: LayerEntry): void {
    this.#count++;
    if (this.#count > limits.layerEntries || this.#body.length > limits.indexBytes) {
      throw unsafeLayer(`The layer has more than ${String(this.#count - 1)} entries.`);
    }
    const shared = sharedLength(this.#previous, entry.path);
    this.#body.number(tags.indexOf(entry.type));
    this.#body.number(shared);
    this.#body.text(entry.path.slice(shared));
    this.#previous = entry.path;
    writeDetails(this.#body, entry);
  }

  /** The bytes of the index. */
  finish(dataBlocks: number): Uint8Array[] {
    const head = new ByteWriter();
    head.number(layerIndexVersion);
    head.number(dataBlocks);
    head.number(this.#count);
    const hash = createHash('sha256').update(head.bytes).update(this.#body.bytes).digest();
    return [magic, hash, head.bytes, this.#body.bytes];
  }
}

/** Blocks of the data, of an index of which at least the first 64 bytes are given. */
export function readLayerHead(bytes: Buffer): number {
  if (!bytes.subarray(0, magic.length).equals(magic)) throw corruptIndex('has another form');
  const reader = new ByteReader(bytes.subarray(headBytes));
  return guarded(() => readDataBlocks(reader));
}

/** Reads an index. Throws `store/corrupt`, while its entries are walked too. */
export function parseLayerIndex(bytes: Buffer): LayerIndex {
  const body = bytes.subarray(headBytes);
  const hash = createHash('sha256').update(body).digest();
  if (!bytes.subarray(0, magic.length).equals(magic)) throw corruptIndex('has another form');
  if (!bytes.subarray(magic.length, headBytes).equals(hash)) throw corruptIndex('is damaged');
  const reader = new ByteReader(body);
  return guarded(() => {
    const dataBlocks = readDataBlocks(reader);
    const count = reader.number(limits.layerEntries);
    return { dataBlocks, entries: readEntries(reader, count, dataBlocks) };
  });
}

function readDataBlocks(reader: ByteReader): number {
  if (reader.number(maxBlocks) !== layerIndexVersion) throw corruptIndex('has another version');
  return reader.number(maxBlocks);
}

function* readEntries(
  reader: ByteReader,
  count: number,
  dataBlocks: number,
): Generator<LayerEntry, void> {
  let path = '';
  for (let index = 0; index < count; index++) {
    const entry = guarded(() => {
      const type = tags[reader.number(tags.length - 1)];
      path = path.slice(0, reader.number(path.length)) + reader.text(limits.pathBytes);
      if (type === undefined) throw new RangeError('No such type.');
      return readDetails(reader, type, path, dataBlocks);
    });
    yield entry;
  }
  if (!reader.atEnd) throw corruptIndex('is longer than its entries');
}

function writeDetails(writer: ByteWriter, entry: LayerEntry): void {
  switch (entry.type) {
    case 'whiteout':
    case 'opaque':
      return;
    case 'hardlink':
      writer.text(entry.target);
      return;
    case 'symlink':
      writer.text(entry.target);
      break;
    case 'character-device':
    case 'block-device':
      writer.number(entry.major);
      writer.number(entry.minor);
      break;
    case 'file':
      writeContent(writer, entry);
      break;
    case 'directory':
    case 'fifo':
      break;
  }
  writeAttributes(writer, entry);
}

function readDetails(
  reader: ByteReader,
  type: LayerEntry['type'],
  path: string,
  dataBlocks: number,
): LayerEntry {
  switch (type) {
    case 'whiteout':
    case 'opaque':
      return { type, path };
    case 'hardlink':
      return { type, path, target: reader.text(limits.pathBytes) };
    case 'symlink': {
      const target = reader.text(limits.pathBytes);
      return { type, path, target, ...readAttributes(reader) };
    }
    case 'character-device':
    case 'block-device': {
      const major = reader.number(0xfff);
      const minor = reader.number(0xf_ffff);
      return { type, path, major, minor, ...readAttributes(reader) };
    }
    case 'file': {
      const content = readContent(reader, dataBlocks);
      return { type, path, ...content, ...readAttributes(reader) };
    }
    case 'directory':
    case 'fifo':
      return { type, path, ...readAttributes(reader) };
  }
}

function writeContent(writer: ByteWriter, content: FileContent): void {
  writer.number(content.sizeBytes);
  writer.number(content.chunkBits);
  writer.number(content.extents.length);
  for (const { fileBlock, dataBlock, blockCount } of content.extents) {
    writer.number(fileBlock);
    writer.number(dataBlock);
    writer.number(blockCount);
  }
}

function readContent(reader: ByteReader, dataBlocks: number): FileContent {
  const sizeBytes = reader.number(limits.fileBytes);
  const chunkBits = reader.number(31);
  const extents: Extent[] = [];
  for (let left = reader.number(maxBlocks); left > 0; left--) {
    const fileBlock = reader.number(maxBlocks);
    const dataBlock = reader.number(dataBlocks);
    extents.push({ fileBlock, dataBlock, blockCount: reader.number(dataBlocks - dataBlock) });
  }
  return { sizeBytes, chunkBits, extents };
}

function writeAttributes(writer: ByteWriter, attributes: NodeAttributes): void {
  writer.number(attributes.mode);
  writer.number(attributes.uid);
  writer.number(attributes.gid);
  writer.signed(attributes.mtimeSeconds);
  writer.number(attributes.mtimeNanoseconds);
  writer.number(attributes.xattrs.length);
  for (const { name, value } of attributes.xattrs) {
    writer.text(name);
    writer.data(value);
  }
}

function readAttributes(reader: ByteReader): NodeAttributes {
  const mode = reader.number(0o7777);
  const uid = reader.number(maxId);
  const gid = reader.number(maxId);
  const mtimeSeconds = reader.signed();
  const mtimeNanoseconds = reader.number(999_999_999);
  const xattrs: { name: string; value: Uint8Array }[] = [];
  for (let left = reader.number(limits.xattrBytes); left > 0; left--) {
    const name = reader.text(limits.xattrBytes);
    xattrs.push({ name, value: reader.data(limits.xattrBytes) });
  }
  return { mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs };
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw corruptIndex('is damaged');
    throw error;
  }
}

function corruptIndex(how: string): LayerProblem {
  return new LayerProblem('store/corrupt', `The index of an unpacked layer ${how}.`);
}
