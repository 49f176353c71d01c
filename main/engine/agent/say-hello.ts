/** The first bytes of a host on a port. */
import type { Duplex } from 'node:stream';
import { flushBytes, serializeFrame } from './frame-codec.ts';
import { hostFrames, protocolVersion } from './host-messages.ts';

/** How long the first wait for an answer is; each is twice as long as the one before. */
const firstNudgeMs = 100;
const longestNudgeMs = 5_000;
/** Says nothing: no session has this number, and its end may cross with a DETACH. */
const nudge = { type: 'detach', stream: 0 } as const;

/**
 * Flushes the port and says HELLO. A guest that goes on from a saved machine can miss that a host
 * has come, with an emulated processor about once in a hundred times: it has the HELLO, and may not
 * answer. It looks at both when anything else comes, so that something does, until the returned
 * function is called.
 */
export function sayHello(port: Duplex, nonce: Uint8Array): () => void {
  const send = (message: Parameters<typeof hostFrames>[0]): void => {
    for (const frame of hostFrames(message)) port.write(serializeFrame(frame));
  };
  let timer: NodeJS.Timeout;
  const nudgeAfter = (ms: number): void => {
    timer = setTimeout(() => {
      if (port.writable) send(nudge);
      nudgeAfter(Math.min(2 * ms, longestNudgeMs));
    }, ms);
  };
  port.write(new Uint8Array(flushBytes));
  send({ type: 'hello', nonce, minVersion: protocolVersion, maxVersion: protocolVersion });
  nudgeAfter(firstNudgeMs);
  return () => {
    clearTimeout(timer);
  };
}
