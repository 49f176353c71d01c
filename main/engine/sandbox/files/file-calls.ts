/** The files of sandboxes that run, by name: what clients may ask of them. */
import { maxEditedBytes, type FileEntry, type FileText } from '../../../contract/files.ts';
import type { FilesRequest } from '../../agent/agent.ts';
import { askFiles, type AskFilesOptions } from '../../agent/ask-files.ts';
import { onlyFile, type AnsweredFile, type FilesAnswer } from '../../agent/files-answer.ts';
import { AppError } from '../../base/app-error.ts';
import type { FileCalls } from '../../live-calls.ts';
import { FileTransfers, type FileTransferTools } from './file-transfers.ts';

/** Binds the calls to the sandboxes of an engine. */
export function fileCalls(tools: FileTransferTools): FileCalls {
  const transfers = new FileTransfers(tools);
  const ask = async (
    name: string,
    request: FilesRequest,
    options?: AskFilesOptions,
  ): Promise<FilesAnswer> => askFiles(tools.running(name).agent, request, options);
  const alter = async (name: string, request: FilesRequest): Promise<void> => {
    await ask(name, request);
  };
  return {
    list: async (name, path, signal) => {
      const { files, isTruncated } = await ask(name, { action: 'list', paths: [path] }, { signal });
      return { entries: files.map(({ entry }) => entry).sort(byKindAndName), isTruncated };
    },
    inspect: async (name, path) =>
      onlyFile(await ask(name, { action: 'stat', paths: [path] })).entry,
    read: async (name, path) => {
      const sizeBytes = maxEditedBytes;
      return textOf(path, await ask(name, { action: 'read', paths: [path], sizeBytes }));
    },
    write: async ({ name, path, text, version }) => {
      const input = Buffer.from(text);
      checkText(path, input);
      const { user } = tools.running(name);
      const sizeBytes = input.length;
      const request = { action: 'write', paths: [path], sizeBytes, user, version } as const;
      return { text, ...versionOf(onlyFile(await ask(name, request, { input }))) };
    },
    rename: ({ name, path, to, replace }) =>
      alter(name, { action: 'rename', paths: [path], target: to, replace }),
    remove: ({ name, path, recursive }) =>
      alter(name, { action: 'remove', paths: [path], recursive }),
    makeDirectory: async ({ name, path, parents }) => {
      const { user } = tools.running(name);
      await alter(name, { action: 'make-directory', paths: [path], recursive: parents, user });
    },
    setMode: ({ name, path, mode, recursive }) =>
      alter(name, { action: 'set-mode', paths: [path], mode, recursive }),
    setOwner: ({ name, path, owner, recursive }) =>
      alter(name, { action: 'set-owner', paths: [path], owner, recursive }),
    changes: async (name, path, signal) => {
      const request = { action: 'changes', paths: [path] } as const;
      const { files, isTruncated } = await ask(name, request, { signal });
      const changed = files.flatMap(({ entry: { name: of, change, kind, sizeBytes } }) =>
        change === undefined ? [] : [{ path: of, change, kind, sizeBytes }],
      );
      return { files: changed.sort((a, b) => compare(a.path, b.path)), isTruncated };
    },
    download: (request) => transfers.download(request),
    upload: (request) => transfers.upload(request),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Directories first; links to them are among them, as people look for both. */
function byKindAndName(a: FileEntry, b: FileEntry): number {
  return Number(isDirectory(b)) - Number(isDirectory(a)) || compare(a.name, b.name);
}

function isDirectory({ kind, leadsToDirectory }: FileEntry): boolean {
  return kind === 'directory' || leadsToDirectory === true;
}

function versionOf({ entry, version }: AnsweredFile): Pick<FileText, 'version' | 'entry'> {
  return { version: version ?? '', entry };
}

/** @throws AppError `file/not-text` */
function textOf(path: string, answer: FilesAnswer): FileText {
  const file = onlyFile(answer);
  const content = answer.content ?? new Uint8Array();
  return { text: decode(path, content), ...versionOf(file) };
}

/** What is no UTF-8, or has a NUL, would not come back as it was. */
function decode(path: string, content: Uint8Array): string {
  try {
    if (!content.includes(0)) {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    }
  } catch {
    // It is told below.
  }
  throw new AppError('file/not-text', `${path} has bytes that are no text in UTF-8.`);
}

/** The contract counts characters, the guest bytes. @throws AppError `file/too-large` */
function checkText(path: string, bytes: Uint8Array): void {
  if (bytes.length <= maxEditedBytes) return;
  const text = `${String(bytes.length)} bytes; ${String(maxEditedBytes)} are possible`;
  throw new AppError('file/too-large', `The text for ${path} has ${text}.`, {
    hint: 'Write it into a file of this machine and upload that.',
  });
}
