/**
 * Frames of the agent channel (native-helpers/guest-agent/PROTOCOL.md, "Frames"). Pure.
 * It knows nothing of what the frames say.
 */
import { AppError } from '../base/app-error.ts';

// offset  size  field
//      0     1  magic
//      1     1  type
//      2     2  flags, little-endian as everything here
//      4     4  stream
//      8     4  length of the payload
//     12     …  payload
//      …     1  end mark
const magic = 0x5a;
const endMark = 0xa5;
const frameHeaderBytes = 12;
const overheadBytes = frameHeaderBytes + 1;

/** Largest payload of one frame. */
export const maxFramePayloadBytes = 64 * 1024;
/** Flag of a frame whose message goes on in the next one. */
export const moreFlag = 1;
/** Zero bytes that a host sends first: they end any frame that its predecessor left half sent. */
export const flushBytes = 64 * 1024 + 64;

/** One frame. A payload that was parsed may be a view of the bytes that were pushed. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** 0 where the message is of no session. */
  readonly stream: number;
  readonly payload: Uint8Array;
}

/** Serializes a frame; the payload must not be longer than {@link maxFramePayloadBytes}. */
export function serializeFrame(frame: Frame): Uint8Array {
  const { length } = frame.payload;
  if (length > maxFramePayloadBytes) throw new RangeError(`A payload of ${String(length)} bytes.`);
  const bytes = new Uint8Array(length + overheadBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, magic);
  view.setUint8(1, frame.type);
  view.setUint16(2, frame.flags, true);
  view.setUint32(4, frame.stream, true);
  view.setUint32(8, length, true);
  bytes.set(frame.payload, frameHeaderBytes);
  bytes[length + frameHeaderBytes] = endMark;
  return bytes;
}

/**
 * Takes bytes in pieces of any size and gives the frames in them.
 * Invariant: it never holds more than one frame.
 */
export class FrameParser {
  readonly #header = new Uint8Array(frameHeaderBytes);
  #headerBytes = 0;
  /** Payload and end mark of a frame that did not come in one piece. */
  #rest: Uint8Array | undefined;
  #restBytes = 0;

  /** @throws AppError `agent/protocol` where the bytes are no frames; the parser is of no use then */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#headerBytes < frameHeaderBytes) {
        offset += this.#takeHeader(chunk, offset);
      }
      if (this.#headerBytes === frameHeaderBytes) {
        offset = this.#takeRest(chunk, offset, frames);
      }
    }
    return frames;
  }

  /** Zeros may stand between frames; anything else that is no header ends the connection. */
  #takeHeader(chunk: Uint8Array, offset: number): number {
    let start = offset;
    if (this.#headerBytes === 0) {
      while (start < chunk.length && chunk[start] === 0) start++;
    }
    const piece = chunk.subarray(start, start + frameHeaderBytes - this.#headerBytes);
    this.#header.set(piece, this.#headerBytes);
    this.#headerBytes += piece.length;
    if (this.#headerBytes > 0 && this.#header[0] !== magic) {
      throw protocolError('sent bytes that begin no frame');
    }
    if (this.#headerBytes === frameHeaderBytes && this.#length() > maxFramePayloadBytes) {
      throw protocolError(`announced a frame of ${String(this.#length())} bytes`);
    }
    return start + piece.length - offset;
  }

  #length(): number {
    return this.#view().getUint32(8, true);
  }

  #view(): DataView {
    return new DataView(this.#header.buffer);
  }

  #takeRest(chunk: Uint8Array, offset: number, frames: Frame[]): number {
    const restLength = this.#length() + 1;
    if (this.#rest === undefined && chunk.length - offset >= restLength) {
      frames.push(this.#finish(chunk.subarray(offset, offset + restLength)));
      return offset + restLength;
    }
    this.#rest ??= new Uint8Array(restLength);
    const piece = chunk.subarray(offset, offset + restLength - this.#restBytes);
    this.#rest.set(piece, this.#restBytes);
    this.#restBytes += piece.length;
    if (this.#restBytes === restLength) frames.push(this.#finish(this.#rest));
    return offset + piece.length;
  }

  #finish(rest: Uint8Array): Frame {
    if (rest.at(-1) !== endMark) throw protocolError('sent a frame without its end mark');
    const view = this.#view();
    this.#headerBytes = 0;
    this.#rest = undefined;
    this.#restBytes = 0;
    return {
      type: view.getUint8(1),
      flags: view.getUint16(2, true),
      stream: view.getUint32(4, true),
      payload: rest.subarray(0, -1),
    };
  }
}

/** The error of a guest that broke the rules of the channel. */
export function protocolError(what: string): AppError {
  return new AppError('agent/protocol', `The guest ${what}.`);
}
