/** Tars on their way into a sandbox or out of it: a session for the bytes, an operation to watch. */
import { leftOutExitCode, type FileEntry, type FileTransfer } from '../../../contract/files.ts';
import type { Operation } from '../../../contract/operation.ts';
import type { ExitStatus } from '../../../contract/session.ts';
import type { FilesRequest } from '../../agent/agent.ts';
import { askFiles } from '../../agent/ask-files.ts';
import { onlyFile } from '../../agent/files-answer.ts';
import { filesError } from '../../agent/files-error.ts';
import { AppError, cancelledError } from '../../base/app-error.ts';
import type { SessionSink } from '../../engine.ts';
import type { FileCalls } from '../../live-calls.ts';
import { byteProgress } from '../byte-progress.ts';
import type { OperationProgress, OperationTracker } from '../operation-tracker.ts';
import type { RunningSandbox } from '../sandboxes.ts';
import type { SessionDirectory } from '../session/session-directory.ts';
import { TransferSession } from './transfer-session.ts';

/** What transfers need of the engine. */
export interface FileTransferTools {
  readonly running: (name: string) => RunningSandbox;
  readonly sessions: Pick<SessionDirectory, 'add' | 'attach'>;
  readonly operations: Pick<OperationTracker, 'start'>;
}

/** Longest time without a client, after which nobody is thought to come. */
const absenceMs = 30_000;
const stage = { key: 'copy', label: 'Copy' } as const;
/** Of a tar, around the content of one file. */
const tarOverheadBytes = 2048;

/** The guest gives up before; an agent of an earlier version never answers. */
const measureMs = 15_000;

/** Finds out how many bytes there will be, until the signal says that nobody needs to know. */
type Measure = (signal: AbortSignal) => Promise<number | undefined>;

/** See the head of this file. */
export class FileTransfers {
  readonly #tools: FileTransferTools;

  constructor(tools: FileTransferTools) {
    this.#tools = tools;
  }

  /** @throws AppError `sandbox/…`, `file/…` where there is nothing to send, `agent/…` */
  async download(request: Parameters<FileCalls['download']>[0]): Promise<FileTransfer> {
    const { name, paths, follow } = request;
    const only = paths.length === 1 ? await this.#inspect(name, paths[0] ?? '/') : undefined;
    // The root has no name that it could have in a tar.
    const contents = request.contents || only?.name === '/';
    const tar = { action: 'tar', paths, contents, follow } as const;
    const measure: Measure =
      only?.kind === 'file'
        ? () => Promise.resolve(only.sizeBytes + tarOverheadBytes)
        : (signal) => this.#measure(name, { ...tar, action: 'measure' }, signal);
    return await this.#begin('download', name, tar, measure);
  }

  /** @throws AppError `sandbox/…`, `file/…` where there is no such directory, `agent/…` */
  async upload(request: Parameters<FileCalls['upload']>[0]): Promise<FileTransfer> {
    const { name, path, totalBytes, keepOwners } = request;
    const { user } = this.#tools.running(name);
    const { kind, leadsToDirectory } = await this.#inspect(name, path);
    if (kind !== 'directory' && leadsToDirectory !== true) {
      throw new AppError('file/wrong-kind', `${path} is no directory.`);
    }
    const work = { action: 'untar', paths: [path], keepOwners, user } as const;
    return await this.#begin('upload', name, work, () => Promise.resolve(totalBytes));
  }

  /** How large a tar will be, counted while it is on its way; undefined where that takes too long. */
  async #measure(
    name: string,
    request: FilesRequest,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    try {
      const { agent } = this.#tools.running(name);
      return onlyFile(await askFiles(agent, request, { signal, timeoutMs: measureMs })).entry
        .sizeBytes;
    } catch {
      // Nobody needs to know: then there is no percentage.
      return undefined;
    }
  }

  /** So that a wrong path is told before anything is sent. */
  async #inspect(name: string, path: string): Promise<FileEntry> {
    const request = { action: 'stat', paths: [path] } as const;
    return onlyFile(await askFiles(this.#tools.running(name).agent, request)).entry;
  }

  async #begin(
    kind: 'upload' | 'download',
    name: string,
    request: FilesRequest,
    measure: Measure,
  ): Promise<FileTransfer> {
    const { sessions, operations } = this.#tools;
    const { agent, run } = this.#tools.running(name);
    const work = await agent.files(request);
    const transfer = new TransferSession(work, [kind, ...request.paths], absenceMs);
    const session = sessions.add(run, transfer);
    const operation = operations.start(kind, subjectOf(name, request), [stage], (progress) =>
      this.#follow(transfer, session.id, request, progress, measure),
    );
    return { session, operation };
  }

  async #follow(
    transfer: TransferSession,
    sessionId: string,
    { action }: FilesRequest,
    progress: OperationProgress,
    measure: Measure,
  ): Promise<void> {
    const onAbort = (): void => {
      void transfer.cancel(cancelledError('The transfer'));
    };
    const ended = new AbortController();
    let totalBytes: number | undefined;
    progress.begin(stage.key);
    void measure(ended.signal).then((total) => {
      if (total === undefined || ended.signal.aborted) return;
      totalBytes = total;
      progress.update(stage.key, {
        bytesDone: transfer.byteCount,
        bytesTotal: Math.max(total, transfer.byteCount),
      });
    });
    const report = byteProgress(progress, stage.key);
    transfer.onBytes = (bytesDone) => {
      report(bytesDone, totalBytes === undefined ? undefined : Math.max(bytesDone, totalBytes));
    };
    progress.signal.addEventListener('abort', onAbort);
    try {
      if (progress.signal.aborted) onAbort();
      const exit = await transfer.ended;
      if (transfer.words.text !== '') progress.output(transfer.words.text);
      if (!isDone(exit)) throw filesError(action, exit, transfer.words);
      progress.update(stage.key, { bytesDone: transfer.byteCount, bytesTotal: transfer.byteCount });
      progress.finish(stage.key);
    } finally {
      ended.abort();
      progress.signal.removeEventListener('abort', onAbort);
      // One that nobody reads would stay for a client that never comes.
      this.#forget(sessionId, transfer);
    }
  }

  #forget(sessionId: string, transfer: TransferSession): void {
    if (!transfer.isAbandoned) return;
    try {
      this.#tools.sessions.attach(sessionId, nobody);
    } catch {
      // It has gone with its sandbox.
    }
  }
}

/** With or without what could not be read, which the output of the operation says. */
function isDone(exit: ExitStatus): boolean {
  return exit.kind === 'exited' && (exit.code === 0 || exit.code === leftOutExitCode);
}

const nobody: SessionSink = {
  onAttached: () => undefined,
  onSize: () => undefined,
  onStdout: () => undefined,
  onStderr: () => undefined,
  onExit: () => undefined,
  onError: () => undefined,
};

/** `web:/root/x`, or the first of several and how many more there are. */
function subjectOf(name: string, { paths }: FilesRequest): Operation['subject'] {
  const [first = '/'] = paths;
  const more = paths.length > 1 ? ` and ${String(paths.length - 1)} more` : '';
  return `${name}:${first}${more}`;
}
