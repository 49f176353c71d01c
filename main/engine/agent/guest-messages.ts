/**
 * What the guest sends over the agent channel (PROTOCOL.md, "Messages"), and how it is read.
 * Pure. Every byte is an attacker's.
 */
import type { ExitStatus } from '../../contract/session.ts';
import type { AgentTerminalSize, GuestListener, GuestStats } from './agent.ts';
import { Fields, tag } from './fields.ts';
import { protocolError, type Frame } from './frame-codec.ts';
import { readListeners } from './guest-listeners.ts';
import {
  readKernelLog,
  readProcesses,
  readStats,
  type KernelLogPage,
  type ProcessPage,
} from './guest-readings.ts';
import { hostType, nonceBytes } from './host-messages.ts';
import { programName } from './visible-text.ts';

/** Types of what the guest sends. */
export const guestType = {
  helloReply: 0x81,
  done: 0x82,
  failed: 0x83,
  session: 0x84,
  sessionsEnd: 0x85,
  listenersReply: 0x86,
  statsReply: 0x87,
  processesReply: 0x88,
  kernelLogReply: 0x89,
  started: 0x90,
  startFailed: 0x91,
  attached: 0x92,
  gone: 0x93,
  stdout: 0x94,
  stderr: 0x95,
  exit: 0x96,
  credit: 0x97,
  foregroundReply: 0x98,
  size: 0x99,
} as const;

/** A request that the guest answers with DONE or FAILED. */
export type RequestType =
  | 'setup'
  | 'clock'
  | 'shutdown'
  | 'identity'
  | 'freeze'
  | 'thaw'
  | 'rehearse'
  | 'rehearsed'
  | 'hold';

/** What the guest says of one of its sessions. */
export interface ListedSession {
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly startedAtMs: number;
  readonly exit: ExitStatus | undefined;
  /** Bytes of input that the guest takes now. */
  readonly stdinBytes: number;
}

/** What the guest sends. */
export type GuestMessage =
  | {
      readonly type: 'hello-reply';
      /** 0 where there is no version that both sides speak. */
      readonly version: number;
      readonly nonce: Uint8Array;
      readonly bootId: Uint8Array;
      readonly isSetUp: boolean;
      readonly bootMs: number;
      readonly uptimeMs: number;
    }
  | { readonly type: 'done'; readonly request: RequestType }
  | {
      readonly type: 'failed';
      readonly request: RequestType;
      readonly step: string;
      readonly errno: number;
      readonly message: string;
      /** From 0; of the patch that failed, where it was one. */
      readonly patchIndex: number | undefined;
    }
  | { readonly type: 'session'; readonly stream: number; readonly session: ListedSession }
  | { readonly type: 'sessions-end' }
  | { readonly type: 'listeners-reply'; readonly listeners: readonly GuestListener[] }
  | { readonly type: 'stats-reply'; readonly stats: GuestStats }
  | { readonly type: 'processes-reply'; readonly page: ProcessPage }
  | { readonly type: 'kernel-log-reply'; readonly page: KernelLogPage }
  | {
      readonly type: 'started';
      readonly stream: number;
      readonly startedAtMs: number;
      /** Of a terminal, where the agent tells sizes. */
      readonly size: AgentTerminalSize | undefined;
    }
  | {
      readonly type: 'start-failed';
      readonly stream: number;
      readonly kind: StartFailureKind;
      readonly errno: number;
      readonly message: string;
    }
  | {
      readonly type: 'attached';
      readonly stream: number;
      readonly skippedBytes: number;
      /** Of a terminal where the output begins that follows, where the agent tells sizes. */
      readonly size: AgentTerminalSize | undefined;
      /** Of the output that follows, what a host has used before. */
      readonly knownBytes: number;
    }
  | { readonly type: 'size'; readonly stream: number; readonly size: AgentTerminalSize }
  | {
      readonly type: 'foreground-reply';
      readonly stream: number;
      readonly command: string | undefined;
    }
  | { readonly type: 'gone'; readonly stream: number }
  | { readonly type: 'stdout' | 'stderr'; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly type: 'exit'; readonly stream: number; readonly status: ExitStatus }
  | { readonly type: 'credit'; readonly stream: number; readonly stdinBytes: number };

/** Why a command did not start. */
export type StartFailureKind =
  'not-found' | 'not-executable' | 'bad-workdir' | 'bad-user' | 'failed';

const maxRowsOrColumns = 1000;

const startFailureKinds: Readonly<Record<number, StartFailureKind>> = {
  1: 'not-found',
  2: 'not-executable',
  3: 'bad-workdir',
  4: 'bad-user',
  5: 'failed',
};

const requestTypes: Readonly<Record<number, RequestType>> = {
  [hostType.setup]: 'setup',
  [hostType.clock]: 'clock',
  [hostType.shutdown]: 'shutdown',
  [hostType.identity]: 'identity',
  [hostType.freeze]: 'freeze',
  [hostType.thaw]: 'thaw',
  [hostType.hold]: 'hold',
  [hostType.rehearse]: 'rehearse',
  [hostType.rehearsed]: 'rehearsed',
};

/** All but those that are read before their payload is; nothing is known of any other's payload. */
const typesWithFields: ReadonlySet<number> = new Set(Object.values(guestType));

/**
 * Reads a frame of the guest; undefined for a type that a later version may have.
 * @throws AppError `agent/protocol`
 */
export function parseGuestFrame({ type, flags, stream, payload }: Frame): GuestMessage | undefined {
  if (flags !== 0) throw protocolError(`set the unknown flags ${String(flags)}`);
  switch (type) {
    case guestType.stdout:
      return { type: 'stdout', stream, bytes: payload };
    case guestType.stderr:
      return { type: 'stderr', stream, bytes: payload };
    case guestType.gone:
      return { type: 'gone', stream };
    case guestType.sessionsEnd:
      return { type: 'sessions-end' };
  }
  if (!typesWithFields.has(type)) return undefined;
  const fields = new Fields(payload);
  switch (type) {
    case guestType.helloReply:
      return {
        type: 'hello-reply',
        version: fields.u32(tag.version),
        nonce: fields.bytes(tag.nonce, nonceBytes),
        bootId: fields.bytes(tag.bootId, 16),
        isSetUp: fields.u32(tag.isSetUp) !== 0,
        bootMs: fields.u64(tag.bootMs),
        uptimeMs: fields.u64(tag.uptimeMs),
      };
    case guestType.done:
      return { type: 'done', request: requestOf(fields) };
    case guestType.failed:
      return {
        type: 'failed',
        request: requestOf(fields),
        step: fields.text(tag.step),
        errno: fields.u32(tag.errno),
        message: fields.text(tag.message),
        patchIndex: fields.has(tag.patchIndex) ? fields.u32(tag.patchIndex) : undefined,
      };
    case guestType.session:
      return { type: 'session', stream, session: listedSession(fields) };
    case guestType.listenersReply:
      return { type: 'listeners-reply', listeners: readListeners(fields) };
    case guestType.statsReply:
      return { type: 'stats-reply', stats: readStats(fields) };
    case guestType.processesReply:
      return { type: 'processes-reply', page: readProcesses(fields) };
    case guestType.kernelLogReply:
      return { type: 'kernel-log-reply', page: readKernelLog(fields) };
    case guestType.started:
      return {
        type: 'started',
        stream,
        startedAtMs: fields.u64(tag.startedAtMs),
        size: sizeIfTold(fields),
      };
    case guestType.startFailed:
      return {
        type: 'start-failed',
        stream,
        kind: startFailureKinds[fields.u32(tag.kind)] ?? 'failed',
        errno: fields.u32(tag.errno),
        message: fields.text(tag.message),
      };
    case guestType.attached:
      return {
        type: 'attached',
        stream,
        skippedBytes: fields.u64(tag.skippedBytes),
        size: sizeIfTold(fields),
        knownBytes: fields.has(tag.knownBytes) ? fields.u32(tag.knownBytes) : 0,
      };
    case guestType.size:
      return { type: 'size', stream, size: sizeOf(fields) };
    case guestType.foregroundReply: {
      const command = fields.has(tag.command) ? programName(fields.bytes(tag.command)) : '';
      return { type: 'foreground-reply', stream, command: command === '' ? undefined : command };
    }
    case guestType.exit:
      return { type: 'exit', stream, status: exitStatus(fields) };
    case guestType.credit:
      return { type: 'credit', stream, stdinBytes: fields.u32(tag.stdinBytes) };
    default:
      return undefined;
  }
}

function sizeIfTold(fields: Fields): AgentTerminalSize | undefined {
  return fields.has(tag.rows) ? sizeOf(fields) : undefined;
}

function sizeOf(fields: Fields): AgentTerminalSize {
  const rows = fields.u32(tag.rows);
  const columns = fields.u32(tag.columns);
  if (Math.min(rows, columns) < 1 || Math.max(rows, columns) > maxRowsOrColumns) {
    throw protocolError(`has a terminal of ${String(rows)} rows and ${String(columns)} columns`);
  }
  return { rows, columns };
}

function requestOf(fields: Fields): RequestType {
  const request = requestTypes[fields.u32(tag.request)];
  if (request === undefined) throw protocolError('answered a request that there is not');
  return request;
}

function listedSession(fields: Fields): ListedSession {
  const hasEnded = fields.has(tag.exitCode) || fields.has(tag.exitSignal);
  return {
    command: fields.texts(tag.argument),
    tty: fields.u32(tag.tty) !== 0,
    startedAtMs: fields.u64(tag.startedAtMs),
    exit: hasEnded ? exitStatus(fields) : undefined,
    stdinBytes: fields.u32(tag.stdinBytes),
  };
}

function exitStatus(fields: Fields): ExitStatus {
  return fields.has(tag.exitSignal)
    ? { kind: 'signalled', signal: fields.u32(tag.exitSignal) }
    : { kind: 'exited', code: fields.u32(tag.exitCode) };
}
