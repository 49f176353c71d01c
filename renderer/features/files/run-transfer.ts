/** Files on their way: the tar stream, the session that it crosses, and what came of it. */
import type { ErrorData } from '../../../main/contract/error.ts';
import { leftOutExitCode, type FileTransfer } from '../../../main/contract/files.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { BridgeError, toErrorData } from '../../bridge/bridge-error.ts';
import type { Bridge } from '../../bridge/bridge-context.tsx';
import {
  openByteSession,
  SessionClosedError,
  type ByteSession,
  type ByteSessionEnd,
} from '../../bridge/byte-session.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { translate } from '../../words/language.ts';
import { UnreadableFileError } from './pack-upload.ts';
import { addLeftOut, updateTransfer, type Transfer, type TransferStore } from './transfer-store.ts';

/** What of the bridge a transfer needs. */
export type TransferBridge = Pick<Bridge, 'openSession'> & {
  readonly connection: Pick<Bridge['connection'], 'client'>;
};

/** Milliseconds between two reports of progress. */
const reportEveryMs = 100;

/** How to end those that run, by their id. */
const cancels = new Map<number, () => void>();

/** Ends a transfer that runs; what has arrived in the sandbox stays there. */
export function cancelTransfer(id: number): void {
  cancels.get(id)?.();
}

/** Moves the bytes of a session; `signal` aborts when the transfer is cancelled. */
export type MoveBytes = (session: ByteSession, signal: AbortSignal) => Promise<void>;

/** Runs a transfer to its end and keeps the store up to date. Never rejects; true where all of it was done. */
export async function runTransfer(
  bridge: TransferBridge,
  store: TransferStore,
  { id }: Transfer,
  start: () => Promise<FileTransfer>,
  move: MoveBytes,
): Promise<boolean> {
  const { client } = bridge.connection;
  const cancelling = new AbortController();
  cancels.set(id, () => {
    cancelling.abort();
  });
  const end = (change: Pick<Transfer, 'state'> & Partial<Transfer>) => {
    updateTransfer(store, id, change);
    return change.state === 'succeeded';
  };
  try {
    const { session, operation } = await start();
    const last = lastOf(client, operation, (bytesTotal) => {
      updateTransfer(store, id, { bytesTotal });
    });
    const stop = () => void client.operations.cancel({ id: operation.id }).catch(() => undefined);
    const bytes = openByteSession((handlers) => bridge.openSession(session.id, handlers));
    try {
      cancelling.signal.throwIfAborted();
      const leftOut = await moveAll(bytes, move, cancelling.signal);
      addLeftOut(store, id, leftOut);
      return end({ state: 'succeeded' });
    } catch (error) {
      if (cancelling.signal.aborted) {
        stop();
        bytes.close();
        return end({ state: 'cancelled' });
      }
      if (!(error instanceof SessionFailure)) {
        // What failed is on this side: the sandbox is told, and need not be asked.
        stop();
        bytes.close();
        return end({ state: 'failed', error: describe(error) });
      }
      const { state, error: reason } = (await last) ?? {};
      if (state === 'cancelled') return end({ state });
      return end({
        state: 'failed',
        error: withLines(reason ?? describe(error.cause), error.lines),
      });
    }
  } catch (error) {
    return end({ state: 'failed', error: describe(error) });
  } finally {
    cancels.delete(id);
  }
}

/** The sandbox or the connection ended it, and not this window. */
class SessionFailure extends Error {
  readonly lines: string;

  constructor(cause: unknown, lines: string) {
    super('The session failed.', { cause });
    this.lines = lines;
  }
}

/** Gives the lines about what the sandbox left out. */
async function moveAll(
  bytes: ByteSession,
  move: MoveBytes,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let ending: { readonly end: ByteSessionEnd } | { readonly failure: unknown } | undefined;
  const ended = bytes.ended.then(
    (end) => (ending = { end }),
    (failure: unknown) => {
      // A stream that was given up here failed for a reason of its own.
      if (!(failure instanceof SessionClosedError)) ending = { failure };
    },
  );
  const isMoved = await move(bytes, signal).then(
    () => true as const,
    (error: unknown) => ({ error }),
  );
  const broken = isMoved === true ? undefined : isMoved;
  if (broken === undefined) await Promise.race([ended, whenAborted(signal)]);
  signal.throwIfAborted();
  // A stream that broke off because the session ended says less than the session.
  const leftOut = ending === undefined ? [] : checkEnding(ending);
  if (broken !== undefined) throw broken.error;
  return leftOut;
}

function checkEnding(
  ending: { readonly end: ByteSessionEnd } | { readonly failure: unknown },
): readonly string[] {
  if ('failure' in ending) throw new SessionFailure(ending.failure, '');
  const lines = ending.end.stderr.trim();
  if (isWell(ending.end)) return lines === '' ? [] : lines.split('\n');
  const message = lines.split('\n', 1)[0] ?? '';
  const said = message === '' ? translate('files:transferEnded') : message;
  throw new SessionFailure(new BridgeError('file/failed', said), lines);
}

function isWell({ status }: ByteSessionEnd): boolean {
  return status.kind === 'exited' && [0, leftOutExitCode].includes(status.code);
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** The operation as it ended; undefined where the host does not say. */
async function lastOf(
  client: SkerryClient,
  operation: Operation,
  onTotal: (bytesTotal: number) => void,
): Promise<Operation | undefined> {
  try {
    let last = operation;
    for await (const next of await client.operations.watch({ id: operation.id })) {
      last = next;
      const total = next.stages.find(({ bytesTotal }) => bytesTotal !== undefined)?.bytesTotal;
      if (total !== undefined) onTotal(total);
    }
    return last;
  } catch {
    return undefined;
  }
}

function describe(error: unknown): ErrorData {
  if (error instanceof UnreadableFileError) {
    const message = translate('files:unreadableFile', { path: error.path });
    return new BridgeError('file/unreadable-here', message).data;
  }
  return toErrorData(error);
}

function withLines(error: ErrorData, lines: string): ErrorData {
  return lines.includes('\n') ? { ...error, details: { ...error.details, lines } } : error;
}

/** Passes bytes on and reports how many there were, a few times a second and at the end. */
export function countBytes(
  store: TransferStore,
  id: number,
  now: () => number = Date.now,
): TransformStream<Uint8Array, Uint8Array> {
  let bytesDone = 0;
  let reportedAtMs = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      controller.enqueue(chunk);
      bytesDone += chunk.length;
      if (now() - reportedAtMs < reportEveryMs) return;
      reportedAtMs = now();
      updateTransfer(store, id, { bytesDone });
    },
    flush: () => {
      updateTransfer(store, id, { bytesDone });
    },
  });
}
