/** Extended headers of POSIX.1-2001 (pax): records of "LENGTH KEY=VALUE\n", all bytes. */
import { corruptLayer } from '../layer-problem.ts';

/** Records by key; text is bytes as Latin-1. A later record of a key replaces an earlier one. */
export interface PaxRecords {
  readonly values: ReadonlyMap<string, string>;
  /** Values of the keys that GNU's sparse format 0.0 repeats, in their order. */
  readonly sparsePairs: readonly string[];
}

/** Reads the records. Throws `image/layer-corrupt`. */
export function parsePax(bytes: Buffer): PaxRecords {
  const values = new Map<string, string>();
  const sparsePairs: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const digits = space < 0 ? '' : bytes.toString('latin1', at, Math.min(space, at + 20));
    const end = at + Number(digits);
    if (!/^[0-9]{1,8}$/.test(digits) || end <= space + 1 || end > bytes.length) {
      throw corruptLayer('An extended header of the tar has a record of a wrong length.');
    }
    const equals = bytes.indexOf(0x3d, space);
    if (equals <= space + 1 || equals >= end || bytes[end - 1] !== 0x0a) {
      throw corruptLayer('An extended header of the tar has a record that is malformed.');
    }
    const key = bytes.toString('latin1', space + 1, equals);
    const value = bytes.toString('latin1', equals + 1, end - 1);
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      const expected = sparsePairs.length % 2 === 0 ? 'GNU.sparse.offset' : 'GNU.sparse.numbytes';
      if (key !== expected) throw corruptLayer('A sparse map of the tar is out of order.');
      sparsePairs.push(value);
    } else {
      values.set(key, value);
    }
    at = end;
  }
  return { values, sparsePairs };
}

/** A decimal integer, not negative. Throws `image/layer-corrupt` naming the key. */
export function paxInteger(value: string, key: string): number {
  const number = Number(value);
  if (!/^[0-9]{1,16}$/.test(value) || !Number.isSafeInteger(number)) {
    throw corruptLayer(`An extended header of the tar has a ${key} that is no number.`);
  }
  return number;
}

/** A time with any number of decimals, cut to nanoseconds; -1.5 is second -2 and half. */
export function paxTime(value: string): { seconds: number; nanoseconds: number } {
  const match = /^(-?)([0-9]{1,15})(?:\.([0-9]*))?$/.exec(value);
  if (match === null) throw corruptLayer('An extended header of the tar has a malformed time.');
  const [, sign, whole = '', fraction = ''] = match;
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'));
  if (sign !== '-') return { seconds: Number(whole), nanoseconds };
  if (nanoseconds === 0) return { seconds: 0 - Number(whole), nanoseconds: 0 };
  return { seconds: -Number(whole) - 1, nanoseconds: 1_000_000_000 - nanoseconds };
}
