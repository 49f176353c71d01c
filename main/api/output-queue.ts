/**
 * Output on its way to one client: what it may be sent now, in which pieces, and what waits. A piece
 * goes at once as long as the client has little in front of it; from then on pieces are joined until
 * it has used some. So a program that writes without end, a few bytes at a time, costs a client few
 * frames, and never has more of them before it than it draws in a moment. Pure.
 */
import {
  maxFramesAhead,
  maxSessionPayloadBytes,
  sessionWindowBytes,
  type HostFrame,
} from '../contract/session-frames.ts';
import { PiecesAhead } from '../engine/index.ts';

/** Output of a session, of any length. */
export interface Output {
  readonly type: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** What has its place between the output of before and after it. */
export type Notice = Extract<HostFrame, { readonly type: 'attached' | 'size' }>;

/** So much is worth a frame, however many are on their way. */
const fullFrameBytes = 32 * 1024;

/** See the head of this file. */
export class OutputQueue {
  readonly #items: (Output | Notice)[] = [];
  #heldBytes = 0;
  #heldNotices = 0;
  readonly #ahead = new PiecesAhead();

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get heldNotices(): number {
    return this.#heldNotices;
  }

  get unacknowledgedBytes(): number {
    return this.#ahead.byteCount;
  }

  push(item: Output | Notice): void {
    if (!('bytes' in item)) this.#heldNotices += 1;
    else if (item.bytes.length === 0) return;
    else this.#heldBytes += item.bytes.length;
    this.#items.push(item);
  }

  /**
   * Takes the next frame, if it is to be sent now.
   * @param isEnded nothing follows, so that nothing is gained by waiting for more
   */
  take(isEnded: boolean): Output | Notice | undefined {
    const [first] = this.#items;
    if (first === undefined) return undefined;
    if (!('bytes' in first)) {
      this.#items.shift();
      this.#heldNotices -= 1;
      return first;
    }
    const room = sessionWindowBytes - this.#ahead.byteCount;
    if (room === 0) return undefined;
    const waits = !isEnded && this.#ahead.count >= maxFramesAhead;
    if (waits && Math.min(room, this.#heldBytes) < fullFrameBytes) return undefined;
    const bytes = this.#takeBytes(first.type, Math.min(room, maxSessionPayloadBytes));
    this.#ahead.sent(bytes.length);
    return { type: first.type, bytes };
  }

  /** The client has used so much. False where it was not sent that much. */
  acknowledge(byteCount: number): boolean {
    return this.#ahead.used(byteCount);
  }

  /** Bytes of one kind, as many as there are before anything else, up to `limit`. */
  #takeBytes(type: Output['type'], limit: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    let room = limit;
    while (room > 0) {
      const [item] = this.#items;
      if (item === undefined || !('bytes' in item) || item.type !== type) break;
      const piece = item.bytes.subarray(0, room);
      pieces.push(piece);
      room -= piece.length;
      if (piece.length < item.bytes.length) {
        this.#items[0] = { type, bytes: item.bytes.subarray(piece.length) };
      } else {
        this.#items.shift();
      }
    }
    this.#heldBytes -= limit - room;
    const [only] = pieces;
    return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
  }
}
