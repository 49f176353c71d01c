/**
 * What the host sends over the agent channel (PROTOCOL.md, "Messages"), and how it is written.
 * Pure. The host never reads these.
 */
import { AppError } from '../base/app-error.ts';
import type { FilesRequest, GuestSetup } from './agent.ts';
import { FieldsWriter, tag } from './fields.ts';
import { filesPayload } from './files-message.ts';
import { maxFramePayloadBytes, moreFlag, type Frame } from './frame-codec.ts';
import { setupPayload } from './setup-message.ts';

/** The version that this host speaks, and the oldest it can do with. */
export const protocolVersion = 1;
/** Bytes of a nonce. */
export const nonceBytes = 16;
/** Longest EXEC, SETUP or FILES, all its frames together. */
const maxRequestBytes = 1024 * 1024;

/** Types of what the host sends. */
export const hostType = {
  hello: 0x01,
  setup: 0x02,
  clock: 0x03,
  shutdown: 0x04,
  listeners: 0x05,
  stats: 0x06,
  processes: 0x07,
  'kernel-log': 0x08,
  identity: 0x09,
  freeze: 0x0a,
  thaw: 0x0b,
  hold: 0x0c,
  rehearse: 0x0d,
  rehearsed: 0x0e,
  exec: 0x10,
  attach: 0x11,
  detach: 0x12,
  close: 0x13,
  stdin: 0x14,
  'stdin-end': 0x15,
  resize: 0x16,
  signal: 0x17,
  acknowledge: 0x18,
  changes: 0x19,
  foreground: 0x1a,
  files: 0x20,
} as const;

/** What the host sends. */
export type HostMessage =
  | {
      readonly type: 'hello';
      readonly minVersion: number;
      readonly maxVersion: number;
      readonly nonce: Uint8Array;
    }
  | { readonly type: 'setup'; readonly setup: GuestSetup }
  | { readonly type: 'clock'; readonly nowMs: number; readonly entropy: Uint8Array }
  | { readonly type: 'identity'; readonly hostname: string }
  | { readonly type: 'shutdown' | 'freeze' | 'thaw' | 'rehearse' | 'rehearsed' | 'hold' }
  | { readonly type: 'listeners' | 'stats' | 'kernel-log' }
  /** Those with a higher pid than this one. */
  | { readonly type: 'processes'; readonly afterPid: number }
  | {
      readonly type: 'exec';
      readonly stream: number;
      readonly command: readonly string[];
      /** `NAME=value` */
      readonly variables: readonly string[];
      readonly workdir: string;
      readonly user?: string | undefined;
      readonly tty?: { readonly rows: number; readonly columns: number } | undefined;
    }
  | { readonly type: 'attach' | 'detach' | 'close' | 'stdin-end'; readonly stream: number }
  | { readonly type: 'changes'; readonly stream: number }
  | { readonly type: 'foreground'; readonly stream: number }
  | { readonly type: 'files'; readonly stream: number; readonly request: FilesRequest }
  | { readonly type: 'stdin'; readonly stream: number; readonly bytes: Uint8Array }
  | {
      readonly type: 'resize';
      readonly stream: number;
      readonly rows: number;
      readonly columns: number;
    }
  | { readonly type: 'signal'; readonly stream: number; readonly signal: number }
  | {
      readonly type: 'acknowledge';
      readonly stream: number;
      readonly stdoutBytes: number;
      readonly stderrBytes: number;
    };

/**
 * The frames of a message; one, but for an EXEC, a SETUP or a FILES that is too long for one.
 * @throws AppError `exec/failed`, `config/invalid`, `file/failed` where one is longer than the guest takes
 */
export function hostFrames(message: HostMessage): Frame[] {
  const stream = 'stream' in message ? message.stream : 0;
  const payload = hostPayload(message);
  if (payload.length > maxRequestBytes) throw tooLong(message.type, payload.length);
  const frames: Frame[] = [];
  let offset = 0;
  do {
    const end = offset + maxFramePayloadBytes;
    frames.push({
      type: hostType[message.type],
      flags: end < payload.length ? moreFlag : 0,
      stream,
      payload: payload.subarray(offset, end),
    });
    offset = end;
  } while (offset < payload.length);
  return frames;
}

function tooLong(type: HostMessage['type'], byteCount: number): AppError {
  const bytes = `${String(byteCount)} bytes; ${String(maxRequestBytes)} are possible`;
  if (type === 'files') {
    return new AppError('file/failed', `The paths have ${bytes}.`, {
      hint: 'Name the directory that the files are in.',
    });
  }
  return type === 'setup'
    ? new AppError('config/invalid', `The volumes and patches of the sandbox have ${bytes}.`, {
        hint: 'Copy a directory with one patch instead of many files with one each.',
      })
    : new AppError('exec/failed', `The command and its environment have ${bytes}.`, {
        hint: 'Write the data into a file, or send it to the input of the command.',
      });
}

function hostPayload(message: HostMessage): Uint8Array {
  const fields = new FieldsWriter();
  switch (message.type) {
    case 'hello':
      return fields
        .bytes(tag.nonce, message.nonce)
        .u32(tag.minVersion, message.minVersion)
        .u32(tag.maxVersion, message.maxVersion)
        .finish();
    case 'setup':
      return setupPayload(message.setup);
    case 'clock':
      return fields.u64(tag.nowMs, message.nowMs).bytes(tag.entropy, message.entropy).finish();
    case 'identity':
      return fields.text(tag.hostname, message.hostname).finish();
    case 'exec':
      for (const argument of message.command) fields.text(tag.argument, argument);
      for (const variable of message.variables) fields.text(tag.variable, variable);
      fields.text(tag.workdir, message.workdir);
      if (message.user !== undefined) fields.text(tag.user, message.user);
      if (message.tty !== undefined) {
        fields.u32(tag.rows, message.tty.rows).u32(tag.columns, message.tty.columns);
      }
      return fields.finish();
    case 'files':
      return filesPayload(message.request);
    case 'stdin':
      return message.bytes;
    case 'resize':
      return fields.u32(tag.rows, message.rows).u32(tag.columns, message.columns).finish();
    case 'signal':
      return fields.u32(tag.signal, message.signal).finish();
    case 'acknowledge':
      return fields
        .u32(tag.stdoutBytes, message.stdoutBytes)
        .u32(tag.stderrBytes, message.stderrBytes)
        .finish();
    case 'processes':
      return fields.u32(tag.pid, message.afterPid).finish();
    case 'shutdown':
    case 'freeze':
    case 'thaw':
    case 'hold':
    case 'rehearse':
    case 'rehearsed':
    case 'listeners':
    case 'stats':
    case 'kernel-log':
    case 'attach':
    case 'detach':
    case 'close':
    case 'stdin-end':
    case 'changes':
    case 'foreground':
      return fields.finish();
  }
}
