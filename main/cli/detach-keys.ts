/** Ctrl+P Ctrl+Q, which leaves a terminal and lets it go on; the keys of docker and podman. Pure. */

const first = 0x10;
const second = 0x11;

/** Finds the keys in what is typed. A Ctrl+P waits for the key that comes after it. */
export class DetachKeys {
  #isWaiting = false;

  /** What is to be sent, and whether the keys were typed: then nothing that follows is. */
  push(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly isDetaching: boolean } {
    const sent: number[] = [];
    for (const byte of bytes) {
      if (this.#isWaiting && byte === second) {
        return { bytes: Uint8Array.from(sent), isDetaching: true };
      }
      if (this.#isWaiting) sent.push(first);
      this.#isWaiting = byte === first;
      if (!this.#isWaiting) sent.push(byte);
    }
    return { bytes: Uint8Array.from(sent), isDetaching: false };
  }
}
