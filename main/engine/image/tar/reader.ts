/**
 * Reads a tar that comes in pieces of any length. Own code because a layer's bytes must be exact:
 * attribute values and names that are not UTF-8, times before 1970, every sparse form.
 */
import { limits } from '../limits.ts';
import { corruptLayer, quoteName } from '../layer-problem.ts';
import { makeTarEntry, type TarEntry } from './entry.ts';
import { parseNumber, parseTarHeader, tarBlockBytes, type TarHeader } from './header.ts';
import { paxInteger, parsePax, type PaxRecords } from './pax.ts';
import {
  checkRegionCount,
  checkSparseRegions,
  parseOldSparseRegions,
  paxSparseForm,
  SparseMapReader,
  type SparseRegion,
} from './sparse.ts';

/** Hears what a tar holds, in order. */
export interface TarVisitor {
  onEntry(entry: TarEntry): void;
  /** Content of the entry, at this offset of the file. The bytes are valid during the call. */
  onContent(bytes: Buffer, fileOffset: number): void;
  onEntryEnd(): void;
}

/** What to do with a piece of a known length once it is there whole. */
type Collect = (bytes: Buffer) => void;

/** The tar reader. Everything it throws is a LayerProblem, or comes from the visitor. */
export class TarReader {
  readonly #visitor: TarVisitor;
  readonly #headerCollector: Collect = this.#onHeader.bind(this);
  /** Bytes that the next piece needs, what takes them, and those it has so far. */
  #wanted = tarBlockBytes;
  #collect: Collect = this.#headerCollector;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** Content still to come of the current entry, then bytes to pass over. */
  #content = 0;
  #skip = 0;
  #padding = 0;
  #regions: readonly SparseRegion[] = [];
  #region = 0;
  #withinRegion = 0;
  #pax: PaxRecords | undefined;
  #gnuName: string | undefined;
  #gnuLink: string | undefined;
  /** The entry whose sparse map is still being read. */
  #pending: TarEntry | undefined;
  #zeroBlocks = 0;

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  /** Whether the end marker has come; nothing after it is read. */
  get isEnded(): boolean {
    return this.#zeroBlocks >= 2;
  }

  /** Takes the next bytes. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.isEnded) return;
      if (this.#content > 0) rest = this.#passContent(rest);
      else if (this.#skip > 0) rest = this.#passOver(rest);
      else rest = this.#gather(rest);
    }
  }

  /** Says that nothing follows. Throws where the tar ends in the middle of something. */
  finish(): void {
    if (this.isEnded) return;
    const between =
      this.#content === 0 && this.#keptBytes === 0 && this.#collect === this.#headerCollector;
    const expectsEntry = this.#pax ?? this.#gnuName ?? this.#gnuLink ?? this.#pending;
    if (!between || expectsEntry !== undefined) {
      throw corruptLayer('The tar is cut off.');
    }
  }

  #gather(bytes: Buffer): Buffer {
    const missing = this.#wanted - this.#keptBytes;
    if (bytes.length < missing) {
      // A copy, because the pieces that come may be used again.
      this.#kept.push(Buffer.from(bytes));
      this.#keptBytes += bytes.length;
      return bytes.subarray(bytes.length);
    }
    const part = bytes.subarray(0, missing);
    const whole = this.#keptBytes === 0 ? part : Buffer.concat([...this.#kept, part]);
    this.#kept = [];
    this.#keptBytes = 0;
    const collect = this.#collect;
    this.#expectHeader();
    collect(whole);
    return bytes.subarray(missing);
  }

  #passContent(bytes: Buffer): Buffer {
    const region = this.#regions[this.#region];
    if (region === undefined) throw new Error('Content without a region.');
    const part = bytes.subarray(0, region.length - this.#withinRegion);
    if (part.length > 0) this.#visitor.onContent(part, region.offset + this.#withinRegion);
    this.#withinRegion += part.length;
    this.#content -= part.length;
    if (this.#withinRegion === region.length) {
      this.#region++;
      this.#withinRegion = 0;
    }
    if (this.#content === 0) this.#endEntry();
    return bytes.subarray(part.length);
  }

  #passOver(bytes: Buffer): Buffer {
    const part = Math.min(this.#skip, bytes.length);
    this.#skip -= part;
    return bytes.subarray(part);
  }

  #expectHeader(): void {
    this.#wanted = tarBlockBytes;
    this.#collect = this.#headerCollector;
  }

  #expect(byteCount: number, collect: Collect): void {
    this.#wanted = byteCount;
    this.#collect = collect;
  }

  #onHeader(block: Buffer): void {
    const header = parseTarHeader(block);
    if (header === undefined) {
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) throw corruptLayer('The tar has an entry after its end.');
    switch (header.type) {
      case 'x':
        this.#expectMeta(header, (bytes) => (this.#pax = parsePax(bytes)));
        return;
      case 'L':
        this.#expectMeta(header, (bytes) => (this.#gnuName = untilNul(bytes)));
        return;
      case 'K':
        this.#expectMeta(header, (bytes) => (this.#gnuLink = untilNul(bytes)));
        return;
      case 'g':
        // Defaults for all entries: image tools pass over them, and so must we, to see the same tree.
        this.#expectMeta(header, () => undefined);
        return;
      default:
        this.#onEntryHeader(header, block);
    }
  }

  #expectMeta(header: TarHeader, use: (bytes: Buffer) => unknown): void {
    const { size } = header;
    if (size < 0 || size > limits.extendedHeaderBytes) {
      throw corruptLayer(`An extended header of the tar has ${String(size)} bytes.`);
    }
    if (size === 0) {
      use(Buffer.alloc(0));
      return;
    }
    this.#expect(roundUp(size), (bytes) => {
      use(bytes.subarray(0, size));
    });
  }

  #onEntryHeader(header: TarHeader, block: Buffer): void {
    const pax = this.#pax;
    const entry = makeTarEntry(header, { pax, gnuName: this.#gnuName, gnuLink: this.#gnuLink });
    this.#pax = undefined;
    this.#gnuName = undefined;
    this.#gnuLink = undefined;
    if (header.type === 'S') {
      this.#onOldSparse(entry, block);
      return;
    }
    const sparse =
      pax === undefined || entry.type !== 'file'
        ? ({ form: 'none' } as const)
        : paxSparseForm(pax, entry.path);
    if (pax === undefined || sparse.form === 'none') {
      this.#begin(entry);
      return;
    }
    const stated = pax.values.get('GNU.sparse.size') ?? pax.values.get('GNU.sparse.realsize');
    if (stated === undefined) {
      throw corruptLayer(`The sparse file ${quoteName(entry.path)} has no size.`);
    }
    const sized = { ...entry, sizeBytes: paxInteger(stated, 'sparse size') };
    if (sparse.form === 'in-header') this.#begin({ ...sized, sparse: sparse.regions });
    else this.#readSparseMap(sized, new SparseMapReader(), sized.storedBytes);
  }

  #onOldSparse(entry: TarEntry, block: Buffer): void {
    const sized = { ...entry, sizeBytes: parseNumber(block, 483, 12, 'sparse size') };
    const regions = parseOldSparseRegions(block, 386, 4);
    if (block[482] === 0) {
      this.#begin({ ...sized, sparse: regions });
      return;
    }
    const more = (next: Buffer): void => {
      regions.push(...parseOldSparseRegions(next, 0, 21));
      checkRegionCount(regions.length);
      if (next[504] === 0) {
        this.#begin({ ...sized, sparse: regions });
        return;
      }
      this.#expect(tarBlockBytes, more);
    };
    this.#pending = sized;
    this.#expect(tarBlockBytes, more);
  }

  #readSparseMap(entry: TarEntry, map: SparseMapReader, left: number): void {
    if (left < tarBlockBytes) {
      throw corruptLayer(`The sparse map of ${quoteName(entry.path)} is cut off.`);
    }
    this.#pending = entry;
    this.#expect(tarBlockBytes, (block) => {
      const regions = map.push(block);
      const storedBytes = left - tarBlockBytes;
      if (regions === undefined) this.#readSparseMap(entry, map, storedBytes);
      else this.#begin({ ...entry, storedBytes, sparse: regions });
    });
  }

  #begin(entry: TarEntry): void {
    this.#pending = undefined;
    const { path: name, sizeBytes, storedBytes, sparse } = entry;
    if (sizeBytes < 0 || sizeBytes > limits.fileBytes) {
      throw corruptLayer(`The entry ${quoteName(name)} has a size of ${String(sizeBytes)} bytes.`);
    }
    if (sparse !== undefined) checkSparseRegions(sparse, { name, sizeBytes, storedBytes });
    this.#regions = sparse ?? [{ offset: 0, length: storedBytes }];
    this.#region = 0;
    this.#withinRegion = 0;
    this.#content = storedBytes;
    this.#padding = roundUp(storedBytes) - storedBytes;
    this.#visitor.onEntry(entry);
    if (storedBytes === 0) this.#endEntry();
  }

  #endEntry(): void {
    this.#skip = this.#padding;
    this.#visitor.onEntryEnd();
  }
}

function roundUp(byteCount: number): number {
  return Math.ceil(byteCount / tarBlockBytes) * tarBlockBytes;
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}
