/** What the engine offers of running sandboxes: files, logs, stats, commands; parts of its interface. */
import type { z } from 'zod';
import type {
  CommandEvent,
  commandInputs,
  CommandOutput,
  CommandRun,
} from '../contract/commands.ts';
import type {
  ChangedFiles,
  FileEntry,
  fileInputs,
  FileList,
  FileText,
  FileTransfer,
} from '../contract/files.ts';
import type { LogEvent, logInputs, LogPage } from '../contract/logs.ts';
import type { Process, StatsEvent, StatsOverview } from '../contract/stats.ts';

type FileInput<Name extends keyof typeof fileInputs> = z.output<(typeof fileInputs)[Name]>;

/** See `files` of the contract. */
export interface FileCalls {
  list(name: string, path: string, signal?: AbortSignal): Promise<FileList>;
  inspect(name: string, path: string): Promise<FileEntry>;
  read(name: string, path: string): Promise<FileText>;
  write(request: FileInput<'write'>): Promise<FileText>;
  rename(request: FileInput<'rename'>): Promise<void>;
  remove(request: FileInput<'remove'>): Promise<void>;
  makeDirectory(request: FileInput<'makeDirectory'>): Promise<void>;
  setMode(request: FileInput<'setMode'>): Promise<void>;
  setOwner(request: FileInput<'setOwner'>): Promise<void>;
  changes(name: string, path: string, signal?: AbortSignal): Promise<ChangedFiles>;
  download(request: FileInput<'download'>): Promise<FileTransfer>;
  upload(request: FileInput<'upload'>): Promise<FileTransfer>;
}

/** See `logs` of the contract. */
export interface LogCalls {
  read(request: z.output<typeof logInputs.read>): Promise<LogPage>;
  /** Calls back with the latest lines, then with what comes and goes, until called. */
  follow(
    request: z.output<typeof logInputs.follow>,
    listener: (event: LogEvent) => void,
  ): () => void;
  clear(name: string): Promise<void>;
}

/** See `stats` of the contract. Who is subscribed is sampled for; the function ends it. */
export interface StatsCalls {
  watch(name: string, listener: (event: StatsEvent) => void): () => void;
  watchAll(listener: (overview: StatsOverview) => void): () => void;
  processes(name: string): Promise<Process[]>;
}

/** See `commands` of the contract. */
export interface CommandCalls {
  list(name: string): CommandRun[];
  /** Calls back with every run at once, then with what becomes of them, until called. */
  watch(name: string, listener: (event: CommandEvent) => void): () => void;
  run(request: z.output<typeof commandInputs.run>): Promise<CommandRun>;
  /** Its output so far, then what comes; ends when the run has. */
  output(name: string, id: string, signal?: AbortSignal): AsyncIterable<CommandOutput>;
  signal(request: z.output<typeof commandInputs.signal>): Promise<void>;
  remove(name: string, id: string): Promise<void>;
}
