/** The thread of mirrors, which ends where a program writes `break the thread`. */
import { parentPort } from 'node:worker_threads';
import type { MirrorRequest } from '../mirror-messages.ts';
import '../mirror-worker.ts';

parentPort?.on('message', ({ call }: MirrorRequest) => {
  if (call.type !== 'write' || Buffer.from(call.batch.bytes).toString() !== 'break the thread')
    return;
  // Beside what handles messages, as a thread without memory fails.
  setImmediate(() => {
    throw new Error('The thread is broken.');
  });
});
