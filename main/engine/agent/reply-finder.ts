/**
 * Finds the guest's HELLO_REPLY in a stream that may begin with the rest of an earlier connection.
 * The nonce, which nobody could know before, says that it is the right one. Pure.
 */
import { guestType } from './guest-messages.ts';
import { nonceBytes } from './host-messages.ts';
import { tag } from './fields.ts';
import { serializeFrame } from './frame-codec.ts';

// What stands before the nonce: the frame's header, then tag and length of the first field.
const prefixBytes = 12 + 6;

/** Holds back no more bytes than the beginning of a reply has. */
export class ReplyFinder {
  readonly #nonce: Uint8Array;
  #held = new Uint8Array();

  constructor(nonce: Uint8Array) {
    this.#nonce = nonce;
  }

  /** The bytes from the beginning of the reply on, once it is there. */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const bytes = Buffer.concat([this.#held, chunk]);
    for (let at = bytes.indexOf(this.#nonce); at >= 0; at = bytes.indexOf(this.#nonce, at + 1)) {
      const start = at - prefixBytes;
      if (start >= 0 && beginsReply(bytes.subarray(start, at))) return bytes.subarray(start);
    }
    this.#held = new Uint8Array(bytes.subarray(-(prefixBytes + nonceBytes - 1)));
    return undefined;
  }
}

function beginsReply(prefix: Buffer): boolean {
  const header = serializeFrame({
    type: guestType.helloReply,
    flags: 0,
    stream: 0,
    payload: new Uint8Array(),
  });
  // All but the length, which depends on the fields that follow.
  return (
    prefix.subarray(0, 8).equals(header.subarray(0, 8)) &&
    prefix.readUInt16LE(12) === tag.nonce &&
    prefix.readUInt32LE(14) === nonceBytes
  );
}
