/** A client of transfers: it sends and takes tars as the window and the command line do. */
import type { ExitStatus } from '../../contract/session.ts';
import type { Operation } from '../../contract/operation.ts';
import type { FileTransfer } from '../../contract/files.ts';
import type { Engine } from '../engine.ts';

/** What a session gave, byte for byte. */
export interface TakenSession {
  readonly bytes: Buffer;
  readonly stderr: string;
  readonly exit: ExitStatus;
}

/** How a transfer ended. */
export interface Transferred extends TakenSession {
  readonly operation: Operation;
}

/** Attaches, sends the pieces if there are any, and takes everything until the end. */
export async function runTransfer(
  engine: Engine,
  { session, operation }: FileTransfer,
  pieces?: Iterable<Uint8Array>,
): Promise<Transferred> {
  const taken = await takeSession(engine, session.id, pieces);
  return { ...taken, operation: await engine.operations.wait(operation.id) };
}

/** The same of any session that has no terminal. */
export async function takeSession(
  engine: Engine,
  id: string,
  pieces?: Iterable<Uint8Array>,
): Promise<TakenSession> {
  const received: Uint8Array[] = [];
  let stderr = '';
  const { promise, resolve, reject } = Promise.withResolvers<ExitStatus>();
  const attachment = engine.sessions.attach(id, {
    onAttached: () => undefined,
    onSize: () => undefined,
    onStdout: (bytes) => {
      received.push(bytes);
      attachment.acknowledge(bytes.length);
    },
    onStderr: (bytes) => {
      stderr += Buffer.from(bytes).toString();
      attachment.acknowledge(bytes.length);
    },
    onExit: resolve,
    onError: reject,
  });
  const send = async (): Promise<void> => {
    for (const piece of pieces ?? []) await attachment.write(piece);
    if (pieces !== undefined) attachment.endInput();
  };
  // One that has ended takes no more, and its end says why.
  send().catch(() => undefined);
  const exit = await promise;
  return { bytes: Buffer.concat(received), stderr, exit };
}
