/**
 * Puts fragments together: RFC 791, section 3.2, and RFC 8200, section 4.5. Pure; the time is an
 * argument. Invariant: it never holds more datagrams or bytes than its limits.
 */

/** Limits of {@link Reassembly}. */
export interface ReassemblyLimits {
  readonly maxDatagrams?: number;
  readonly maxBytes?: number;
  /** How long the first fragment waits for the last. */
  readonly timeoutMs?: number;
}

/** A fragment: RFC 791, section 3.2. */
export interface Fragment {
  /** What the fragments of one datagram have in common. */
  readonly key: string;
  /** Where `bytes` lie in the datagram. */
  readonly offset: number;
  readonly more: boolean;
  readonly bytes: Uint8Array;
  readonly nowMs: number;
}

interface Piece {
  readonly offset: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

interface Datagram {
  readonly sinceMs: number;
  /** By offset, none overlapping another. */
  readonly pieces: Piece[];
  heldBytes: number;
  /** Known once the last fragment came. */
  totalBytes: number | undefined;
}

const maxDatagramBytes = 0xffff;
/** Enough for the largest datagram at an MTU of 576; bounds what tiny fragments cost. */
const maxPieces = 128;

/** The fragments of datagrams that are not whole yet: RFC 791, section 3.2. */
export class Reassembly {
  readonly #maxDatagrams: number;
  readonly #maxBytes: number;
  readonly #timeoutMs: number;
  /** The oldest first. */
  readonly #datagrams = new Map<string, Datagram>();
  #heldBytes = 0;

  constructor(limits: ReassemblyLimits = {}) {
    this.#maxDatagrams = limits.maxDatagrams ?? 64;
    this.#maxBytes = limits.maxBytes ?? 1024 * 1024;
    this.#timeoutMs = limits.timeoutMs ?? 5000;
  }

  /** Bytes of fragments that wait for others. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Takes a copy of a fragment and gives the payload that it completes. A fragment with an
   * impossible length is ignored; one that overlaps or contradicts another drops the datagram, as
   * RFC 8200, section 4.5 wants. Beyond a limit the oldest datagrams are dropped.
   */
  add(fragment: Fragment): Uint8Array | undefined {
    this.#dropExpired(fragment.nowMs);
    if (!isPossible(fragment)) return undefined;
    const { key } = fragment;
    const datagram = this.#datagrams.get(key) ?? newDatagram(fragment.nowMs);
    if (!takePlace(datagram, fragment)) {
      this.#drop(key);
      return undefined;
    }
    if (isWhole(datagram)) {
      this.#drop(key);
      return join(datagram);
    }
    if (!this.#makeRoom(key, fragment.bytes.length)) {
      this.#drop(key);
      return undefined;
    }
    datagram.heldBytes += fragment.bytes.length;
    this.#heldBytes += fragment.bytes.length;
    this.#datagrams.set(key, datagram);
    return undefined;
  }

  #dropExpired(nowMs: number): void {
    for (const [key, datagram] of this.#datagrams) {
      if (nowMs - datagram.sinceMs < this.#timeoutMs) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#heldBytes -= this.#datagrams.get(key)?.heldBytes ?? 0;
    this.#datagrams.delete(key);
  }

  /** Whether a fragment of `key` fits, once datagrams that are older than others went. */
  #makeRoom(key: string, byteCount: number): boolean {
    const needsPlace = !this.#datagrams.has(key);
    const fits = (): boolean =>
      (!needsPlace || this.#datagrams.size < this.#maxDatagrams) &&
      this.#heldBytes + byteCount <= this.#maxBytes;
    for (const other of this.#datagrams.keys()) {
      if (fits()) return true;
      if (other !== key) this.#drop(other);
    }
    return fits();
  }
}

function newDatagram(nowMs: number): Datagram {
  return { sinceMs: nowMs, pieces: [], heldBytes: 0, totalBytes: undefined };
}

function isPossible({ offset, more, bytes }: Fragment): boolean {
  if (offset % 8 !== 0 || offset < 0 || offset + bytes.length > maxDatagramBytes) return false;
  return more ? bytes.length > 0 && bytes.length % 8 === 0 : bytes.length > 0 || offset === 0;
}

/** Puts a copy of a fragment among the pieces, or says that it has no place there. */
function takePlace(datagram: Datagram, fragment: Fragment): boolean {
  const { pieces, totalBytes } = datagram;
  const { offset, more } = fragment;
  const end = offset + fragment.bytes.length;
  const index = pieces.findIndex((piece) => piece.offset >= offset);
  const before = index === -1 ? pieces.at(-1) : pieces[index - 1];
  const after = index === -1 ? undefined : pieces[index];
  const overlaps =
    (before !== undefined && before.end > offset) || (after !== undefined && after.offset < end);
  const contradicts = more
    ? totalBytes !== undefined && end >= totalBytes
    : totalBytes !== undefined || after !== undefined;
  if (overlaps || contradicts || pieces.length === maxPieces) return false;
  // A view would pin the buffer that the fragment came in.
  const bytes = Uint8Array.from(fragment.bytes);
  pieces.splice(index === -1 ? pieces.length : index, 0, { offset, end, bytes });
  if (!more) datagram.totalBytes = end;
  return true;
}

function isWhole({ pieces, totalBytes }: Datagram): boolean {
  if (totalBytes === undefined) return false;
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0) === totalBytes;
}

function join({ pieces, totalBytes }: Datagram): Uint8Array {
  const whole = new Uint8Array(totalBytes ?? 0);
  for (const { offset, bytes } of pieces) whole.set(bytes, offset);
  return whole;
}
