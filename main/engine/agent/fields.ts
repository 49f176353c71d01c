/**
 * The fields of control payloads: tag u16, length u32, bytes (PROTOCOL.md, "Fields"). Pure.
 */
import { protocolError } from './frame-codec.ts';

const fieldHeaderBytes = 6;
/** Fields of one list: more than any message has, and few enough to be looked through. */
const maxFields = 32 * 1024;

/** Tags, shared by all messages. */
export const tag = {
  nonce: 1,
  minVersion: 2,
  maxVersion: 3,
  version: 4,
  bootId: 5,
  isSetUp: 6,
  bootMs: 7,
  uptimeMs: 8,
  hostname: 9,
  lowerSerial: 10,
  upperSerial: 11,
  nowMs: 12,
  entropy: 13,
  request: 14,
  step: 15,
  errno: 16,
  message: 17,
  kind: 18,
  argument: 19,
  variable: 20,
  workdir: 21,
  user: 22,
  rows: 23,
  columns: 24,
  pid: 25,
  exitCode: 26,
  exitSignal: 27,
  signal: 28,
  stdoutBytes: 29,
  stderrBytes: 30,
  stdinBytes: 31,
  skippedBytes: 32,
  tty: 33,
  startedAtMs: 34,
  rootKind: 35,
  share: 36,
  partition: 37,
  transport: 38,
  seedSerial: 39,
  hasScripts: 40,
  volume: 41,
  patch: 42,
  target: 43,
  isFile: 44,
  readOnly: 45,
  sizeMiB: 46,
  path: 47,
  source: 48,
  mode: 49,
  owner: 50,
  replace: 51,
  patchIndex: 52,
  network: 53,
  mac: 54,
  ipv4Address: 55,
  ipv4Prefix: 56,
  ipv4Gateway: 57,
  ipv6Address: 58,
  ipv6Prefix: 59,
  ipv6Gateway: 60,
  nameServer: 61,
  listener: 62,
  protocol: 63,
  address: 64,
  port: 65,
  command: 66,
  knownBytes: 67,
  fileAction: 70,
  recursive: 71,
  keepOwners: 72,
  contents: 73,
  follow: 74,
  fileVersion: 75,
  file: 76,
  fileName: 77,
  fileMode: 78,
  uid: 79,
  gid: 80,
  fileSize: 81,
  modifiedAtMs: 82,
  group: 83,
  leadsToDirectory: 84,
  change: 85,
  isTruncated: 86,
  content: 87,
  memoryTotalBytes: 100,
  memoryAvailableBytes: 101,
  diskTotalBytes: 102,
  diskUsedBytes: 103,
  processCount: 104,
  process: 105,
  parentPid: 106,
  userId: 107,
  state: 108,
  residentBytes: 109,
  cpuMs: 110,
  kernelRecord: 111,
  microseconds: 112,
  text: 113,
  isMore: 114,
} as const;

/** Builds a payload, field by field. */
export class FieldsWriter {
  readonly #parts: Uint8Array[] = [];

  bytes(tagNumber: number, value: Uint8Array): this {
    const header = new Uint8Array(fieldHeaderBytes);
    const view = new DataView(header.buffer);
    view.setUint16(0, tagNumber, true);
    view.setUint32(2, value.length, true);
    this.#parts.push(header, value);
    return this;
  }

  text(tagNumber: number, value: string): this {
    return this.bytes(tagNumber, Buffer.from(value));
  }

  u32(tagNumber: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return this.bytes(tagNumber, bytes);
  }

  u64(tagNumber: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
    return this.bytes(tagNumber, bytes);
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

/** The fields of one payload from the guest. Unknown tags are passed over; of repeated ones the last counts. */
export class Fields {
  readonly #all: (readonly [number, Uint8Array])[] = [];

  /** @throws AppError `agent/protocol` where the payload is no list of fields */
  constructor(payload: Uint8Array) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    for (let offset = 0; offset < payload.length;) {
      const left = payload.length - offset - fieldHeaderBytes;
      if (left < 0 || view.getUint32(offset + 2, true) > left) {
        throw protocolError('sent a field that is longer than its message');
      }
      if (this.#all.length >= maxFields) throw protocolError('sent fields without end');
      const end = offset + fieldHeaderBytes + view.getUint32(offset + 2, true);
      this.#all.push([
        view.getUint16(offset, true),
        payload.subarray(offset + fieldHeaderBytes, end),
      ]);
      offset = end;
    }
  }

  has(tagNumber: number): boolean {
    return this.#all.some(([number]) => number === tagNumber);
  }

  /** @throws AppError `agent/protocol` where it is missing, as the other readers do */
  bytes(tagNumber: number, length?: number): Uint8Array {
    const value = this.#all.findLast(([number]) => number === tagNumber)?.[1];
    if (value === undefined || (length !== undefined && value.length !== length)) {
      throw protocolError(`left out field ${String(tagNumber)}, or sent it with a wrong size`);
    }
    return value;
  }

  u32(tagNumber: number): number {
    return viewOf(this.bytes(tagNumber, 4)).getUint32(0, true);
  }

  u64(tagNumber: number): number {
    const value = viewOf(this.bytes(tagNumber, 8)).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw protocolError(`sent ${String(value)} in field ${String(tagNumber)}`);
    }
    return Number(value);
  }

  /** Text for a person: at most 200 characters, without control characters and what turns a text. */
  text(tagNumber: number): string {
    const text = Buffer.from(this.bytes(tagNumber)).toString('utf8');
    return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '�').slice(0, 200);
  }

  /** Every value of a tag that may be repeated. */
  values(tagNumber: number): Uint8Array[] {
    return this.#all.flatMap(([number, value]) => (number === tagNumber ? [value] : []));
  }

  /** The same as texts, as they are. */
  texts(tagNumber: number): string[] {
    return this.values(tagNumber).map((value) => Buffer.from(value).toString('utf8'));
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
