/** GNU's sparse files: the old form in the header, and 0.0, 0.1 and 1.0 in extended headers. */
import { limits } from '../limits.ts';
import { corruptLayer, quoteName, unsupportedLayer } from '../layer-problem.ts';
import { parseNumber } from './header.ts';
import { paxInteger, type PaxRecords } from './pax.ts';

/** A part of the file that the archive holds; the rest reads as zeros. */
export interface SparseRegion {
  readonly offset: number;
  readonly length: number;
}

/** Where extended headers say that the sparse map is. */
export type PaxSparse =
  | { readonly form: 'none' }
  | { readonly form: 'in-header'; readonly regions: readonly SparseRegion[] }
  /** Format 1.0: the map precedes the data. */
  | { readonly form: 'before-data' };

/** Which sparse form the records describe. Throws for a version that is not known. */
export function paxSparseForm(pax: PaxRecords, name: string): PaxSparse {
  const major = pax.values.get('GNU.sparse.major');
  const minor = pax.values.get('GNU.sparse.minor');
  const map = pax.values.get('GNU.sparse.map');
  if (major === '1' && minor === '0') return { form: 'before-data' };
  const version0 = major === '0' && (minor === '0' || minor === '1');
  if (!version0 && (major !== undefined || minor !== undefined)) {
    throw unsupportedLayer(
      `The file ${quoteName(name)} is sparse in form ${quoteName(`${major ?? ''}.${minor ?? ''}`)}, which is not known.`,
    );
  }
  const numbers = map === undefined ? pax.sparsePairs : map === '' ? [] : map.split(',');
  if (numbers.length > 0) return { form: 'in-header', regions: pairs(numbers) };
  const sizes = ['GNU.sparse.size', 'GNU.sparse.realsize', 'GNU.sparse.numblocks'];
  const stated = version0 || map !== undefined || sizes.some((key) => pax.values.has(key));
  return stated ? { form: 'in-header', regions: [] } : { form: 'none' };
}

/** Reads the sparse structs (24 bytes each) of an old GNU header or of a block that continues it. */
export function parseOldSparseRegions(
  block: Buffer,
  offset: number,
  count: number,
): SparseRegion[] {
  const regions: SparseRegion[] = [];
  for (let index = 0; index < count; index++) {
    const at = offset + index * 24;
    if (block[at] === 0) break;
    regions.push({
      offset: parseNumber(block, at, 12, 'sparse map'),
      length: parseNumber(block, at + 12, 12, 'sparse map'),
    });
  }
  return regions;
}

/** Takes the map of format 1.0, block by block: decimal numbers on lines, the count first. */
export class SparseMapReader {
  readonly #numbers: string[] = [];
  #line = '';

  /** Returns the regions once the map is whole; the rest of its last block is padding. */
  push(block: Buffer): SparseRegion[] | undefined {
    for (const byte of block) {
      if (byte !== 0x0a) {
        this.#line += String.fromCharCode(byte);
        if (this.#line.length > 20) throw corruptLayer('A sparse map of the tar is malformed.');
        continue;
      }
      this.#numbers.push(this.#line);
      this.#line = '';
      const count = paxInteger(this.#numbers[0] ?? '', 'sparse map');
      checkRegionCount(count);
      if (this.#numbers.length === 1 + 2 * count) return pairs(this.#numbers.slice(1));
    }
    return undefined;
  }
}

/**
 * Checks that the regions ascend within the file and hold the bytes that are stored.
 * Throws `image/layer-corrupt` with the file's name.
 */
export function checkSparseRegions(
  regions: readonly SparseRegion[],
  file: { readonly name: string; readonly sizeBytes: number; readonly storedBytes: number },
): void {
  let end = 0;
  let stored = 0;
  for (const { offset, length } of regions) {
    if (offset < end || length < 0 || offset + length > file.sizeBytes) {
      throw corruptLayer(`The sparse map of ${quoteName(file.name)} does not fit its size.`);
    }
    end = offset + length;
    stored += length;
  }
  if (stored !== file.storedBytes) {
    throw corruptLayer(`The sparse map of ${quoteName(file.name)} does not fit its data.`);
  }
}

/** Throws where a map is longer than any honest one. */
export function checkRegionCount(count: number): void {
  if (count > limits.sparseRegions) throw corruptLayer('A sparse map of the tar is too long.');
}

function pairs(numbers: readonly string[]): SparseRegion[] {
  if (numbers.length % 2 !== 0) throw corruptLayer('A sparse map of the tar is malformed.');
  checkRegionCount(numbers.length / 2);
  const regions: SparseRegion[] = [];
  for (let index = 0; index < numbers.length; index += 2) {
    regions.push({
      offset: paxInteger(numbers[index] ?? '', 'sparse map'),
      length: paxInteger(numbers[index + 1] ?? '', 'sparse map'),
    });
  }
  return regions;
}
