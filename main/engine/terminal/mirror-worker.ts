/** The thread that mirrors run in: a flood of output stalls no window and no other work. */
import { parentPort } from 'node:worker_threads';
import type { MirrorMessage, MirrorRequest } from './mirror-messages.ts';
import { TerminalMirror } from './terminal-mirror.ts';

const mirrors = new Map<number, TerminalMirror>();

function say(message: MirrorMessage): void {
  parentPort?.postMessage(message);
}

function serve({ mirror: id, call }: MirrorRequest): void {
  if (call.type === 'open') {
    const listener = {
      onAnswer: (text: string) => {
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
      mirror.write(call.bytes);
      say({ type: 'parsed', mirror: id, byteCount: call.bytes.length });
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
    const reason = error instanceof Error ? error.message : String(error);
    say({ type: 'lost', mirror: request.mirror, reason });
  }
});
