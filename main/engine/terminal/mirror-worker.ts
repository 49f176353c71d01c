/** The thread that mirrors run in: a flood of output stalls no window and no other work. */
import { parentPort } from 'node:worker_threads';
import type { MirrorMessage, MirrorRequest } from './mirror-messages.ts';
import type { WriteBatch } from './mirror-writes.ts';
import { TerminalMirror } from './terminal-mirror.ts';

const mirrors = new Map<number, TerminalMirror>();

/** Of the mirror that is being written to: what was taken and not said. */
const parsed = { byteCount: 0 };

function say(message: MirrorMessage): void {
  parentPort?.postMessage(message);
}

function sayParsed(mirror: number): void {
  const { byteCount } = parsed;
  parsed.byteCount = 0;
  if (byteCount > 0) say({ type: 'parsed', mirror, byteCount });
}

/**
 * Writes pieces one by one, so that what they bring out is said at the byte where it stands; what was
 * taken is said at once for all that nothing was said of.
 */
function write(id: number, mirror: TerminalMirror, { bytes, lengths }: WriteBatch): void {
  let offset = 0;
  for (const length of lengths) {
    mirror.write(bytes.subarray(offset, offset + length));
    offset += length;
    parsed.byteCount += length;
  }
  sayParsed(id);
}

function serve({ mirror: id, call }: MirrorRequest): void {
  if (call.type === 'open') {
    const listener = {
      onAnswer: (text: string) => {
        sayParsed(id);
        say({ type: 'answer', mirror: id, text });
      },
      onTitle: (title: string) => {
        say({ type: 'title', mirror: id, title });
      },
    };
    mirrors.set(id, new TerminalMirror(call.size, listener));
    return;
  }
  const mirror = mirrors.get(id);
  if (mirror === undefined) return;
  switch (call.type) {
    case 'write':
      write(id, mirror, call.batch);
      return;
    case 'resize':
      mirror.resize(call.size);
      return;
    case 'snapshot':
      say({ type: 'snapshot', mirror: id, snapshot: mirror.snapshot() });
      return;
    case 'close':
      mirrors.delete(id);
      mirror.dispose();
  }
}

parentPort?.on('message', (request: MirrorRequest) => {
  try {
    serve(request);
  } catch (error) {
    // What the bytes of one guest bring out costs no other terminal its screen.
    mirrors.delete(request.mirror);
    parsed.byteCount = 0;
    const reason = error instanceof Error ? error.message : String(error);
    say({ type: 'lost', mirror: request.mirror, reason });
  }
});
