/** One question about files of a guest, and its whole answer. */
import { AppError, cancelledError } from '../base/app-error.ts';
import type { ExitStatus } from '../../contract/session.ts';
import type { Agent, AgentSession, FilesRequest } from './agent.ts';
import { WorkWords } from './agent-work.ts';
import { maxAnswerBytes, readFilesAnswer, type FilesAnswer } from './files-answer.ts';
import { filesError } from './files-error.ts';
import { protocolError } from './frame-codec.ts';

/** Longest wait for an answer: a tree of many files takes a guest that is emulated its time. */
const defaultTimeoutMs = 10 * 60_000;

/** Options of {@link askFiles}. */
export interface AskFilesOptions {
  /** What the guest is to read. */
  readonly input?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Asks, and waits for the end. What is given up on is ended in the guest.
 * @throws AppError `file/…`, `agent/…`, `operation/cancelled`
 */
export async function askFiles(
  agent: Pick<Agent, 'files'>,
  request: FilesRequest,
  { input, signal, timeoutMs = defaultTimeoutMs }: AskFilesOptions = {},
): Promise<FilesAnswer> {
  const { session, close } = await agent.files(request, signal);
  const ends = Promise.withResolvers<never>();
  ends.promise.catch(() => undefined);
  const onAbort = (): void => {
    ends.reject(cancelledError('The work on files'));
  };
  const timer = setTimeout(() => {
    const seconds = String(timeoutMs / 1000);
    ends.reject(new AppError('agent/timeout', `The guest did not answer within ${seconds} s.`));
  }, timeoutMs);
  signal?.addEventListener('abort', onAbort);
  try {
    if (signal?.aborted === true) onAbort();
    const collecting = collect(session);
    collecting.catch(() => undefined);
    if (input !== undefined) {
      // What it does not read, its end explains.
      session.write(input).catch(() => undefined);
      session.endInput();
    }
    const { exit, bytes, words } = await Promise.race([collecting, ends.promise]);
    if (exit.kind === 'exited' && exit.code === 0) return readFilesAnswer(bytes);
    throw filesError(request.action, exit, words);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    close();
  }
}

interface Collected {
  readonly exit: ExitStatus;
  readonly bytes: Buffer;
  readonly words: WorkWords;
}

function collect(session: AgentSession): Promise<Collected> {
  const pieces: Uint8Array[] = [];
  const words = new WorkWords();
  let byteCount = 0;
  return new Promise((resolve, reject) => {
    session.attach({
      onStdout: (bytes) => {
        byteCount += bytes.length;
        if (byteCount > maxAnswerBytes) {
          reject(protocolError('sent an answer about files without end'));
          return;
        }
        pieces.push(bytes);
        session.acknowledge(bytes.length);
      },
      onStderr: (bytes) => {
        words.hear(bytes);
        session.acknowledge(bytes.length);
      },
      onExit: (exit) => {
        resolve({ exit, bytes: Buffer.concat(pieces), words });
      },
      onDisconnect: reject,
    });
  });
}
