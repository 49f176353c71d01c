/**
 * The binary channel of one session, the same over a WebSocket and a MessagePort: each message is
 * one frame, its first byte says what it is. Integers are little-endian.
 * Neither side sends more than {@link sessionWindowBytes} that the other has not acknowledged;
 * output is acknowledged when it was used (written to the screen), not when it arrived, and no later
 * than when all of it was: small frames beyond {@link maxFramesAhead} wait for that, and are joined.
 *
 * A terminal begins with `attached`: the size at which the next `replayBytes` of stdout are to be
 * drawn. They bring the screen, scrollback, modes, cursor and title to where they are, and the
 * questions in them were answered long ago. `attached` may come again, when a client that fell far
 * behind is brought up to date: then it begins from an empty terminal. `size` comes in its place
 * between the output of before and after it.
 */
import type { ErrorData } from './error.ts';
import { isErrorData } from './is-error-data.ts';
import type { ExitStatus, SessionSizing } from './session.ts';

/** Bytes in flight that have not been acknowledged, per direction. */
export const sessionWindowBytes = 256 * 1024;
/** Frames of output that a client may have before it, unless they are large. */
export const maxFramesAhead = 4;
/** Largest payload of one frame. */
export const maxSessionPayloadBytes = 64 * 1024;

/** What a client sends. */
export type ClientFrame =
  | { readonly type: 'input'; readonly bytes: Uint8Array }
  | { readonly type: 'input-end' }
  | { readonly type: 'resize'; readonly rows: number; readonly columns: number }
  | { readonly type: 'signal'; readonly signal: number }
  | { readonly type: 'sizing'; readonly sizing: SessionSizing }
  | { readonly type: 'ack'; readonly byteCount: number };

/** What a host process sends. After `exit` or `error` nothing follows. */
export type HostFrame =
  | {
      readonly type: 'attached';
      readonly rows: number;
      readonly columns: number;
      /** Of stdout, from here on, that are no news. */
      readonly replayBytes: number;
      /** Output that is lost between what is replayed and what was before; 0 where nothing is. */
      readonly gapBytes: number;
    }
  | { readonly type: 'size'; readonly rows: number; readonly columns: number }
  | { readonly type: 'stdout'; readonly bytes: Uint8Array }
  | { readonly type: 'stderr'; readonly bytes: Uint8Array }
  | { readonly type: 'exit'; readonly status: ExitStatus }
  | { readonly type: 'ack'; readonly byteCount: number }
  | { readonly type: 'error'; readonly error: ErrorData };

const clientType = { input: 1, 'input-end': 2, resize: 3, signal: 4, ack: 5, sizing: 6 } as const;
const hostType = {
  ...{ stdout: 17, stderr: 18, exit: 19, ack: 20, error: 21 },
  ...{ attached: 22, size: 23 },
} as const;

function frame(type: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1 + payload.length);
  bytes[0] = type;
  bytes.set(payload, 1);
  return bytes;
}

function integers(size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function sizeBytes(size: { readonly rows: number; readonly columns: number }): Uint8Array {
  return integers(4, (view) => {
    view.setUint16(0, size.rows, true);
    view.setUint16(2, size.columns, true);
  });
}

/** Serializes a client's frame. */
export function serializeClientFrame(message: ClientFrame): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'input':
      return frame(clientType.input, message.bytes);
    case 'input-end':
      return frame(clientType['input-end'], new Uint8Array());
    case 'resize':
      return frame(clientType.resize, sizeBytes(message));
    case 'sizing':
      return frame(clientType.sizing, Uint8Array.of(message.sizing === 'mine' ? 1 : 0));
    case 'signal':
      return frame(clientType.signal, Uint8Array.of(message.signal));
    case 'ack':
      return frame(
        clientType.ack,
        integers(4, (view) => {
          view.setUint32(0, message.byteCount, true);
        }),
      );
  }
}

/** Reads a client's frame; undefined where the bytes are not one. */
export function parseClientFrame(bytes: Uint8Array): ClientFrame | undefined {
  const payload = bytes.subarray(1);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (payload.length > maxSessionPayloadBytes) return undefined;
  switch (bytes[0]) {
    case clientType.input:
      return { type: 'input', bytes: payload };
    case clientType['input-end']:
      return payload.length === 0 ? { type: 'input-end' } : undefined;
    case clientType.resize:
      if (payload.length !== 4) return undefined;
      return { type: 'resize', rows: view.getUint16(0, true), columns: view.getUint16(2, true) };
    case clientType.signal:
      return payload.length === 1 ? { type: 'signal', signal: view.getUint8(0) } : undefined;
    case clientType.sizing: {
      if (payload.length !== 1 || view.getUint8(0) > 1) return undefined;
      return { type: 'sizing', sizing: view.getUint8(0) === 1 ? 'mine' : 'smallest' };
    }
    case clientType.ack:
      return payload.length === 4 ? { type: 'ack', byteCount: view.getUint32(0, true) } : undefined;
    default:
      return undefined;
  }
}

/** Serializes a host process's frame. */
export function serializeHostFrame(message: HostFrame): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'attached':
      return frame(
        hostType.attached,
        integers(16, (view) => {
          view.setUint16(0, message.rows, true);
          view.setUint16(2, message.columns, true);
          view.setUint32(4, message.replayBytes, true);
          view.setFloat64(8, message.gapBytes, true);
        }),
      );
    case 'size':
      return frame(hostType.size, sizeBytes(message));
    case 'stdout':
      return frame(hostType.stdout, message.bytes);
    case 'stderr':
      return frame(hostType.stderr, message.bytes);
    case 'exit':
      return frame(
        hostType.exit,
        integers(5, (view) => {
          view.setUint8(0, message.status.kind === 'exited' ? 0 : 1);
          view.setInt32(
            1,
            message.status.kind === 'exited' ? message.status.code : message.status.signal,
            true,
          );
        }),
      );
    case 'ack':
      return frame(
        hostType.ack,
        integers(4, (view) => {
          view.setUint32(0, message.byteCount, true);
        }),
      );
    case 'error':
      return frame(hostType.error, new TextEncoder().encode(JSON.stringify(message.error)));
  }
}

/** Reads a host process's frame; undefined where the bytes are not one. */
export function parseHostFrame(bytes: Uint8Array): HostFrame | undefined {
  const payload = bytes.subarray(1);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  switch (bytes[0]) {
    case hostType.attached: {
      if (payload.length !== 16) return undefined;
      return {
        type: 'attached',
        rows: view.getUint16(0, true),
        columns: view.getUint16(2, true),
        replayBytes: view.getUint32(4, true),
        gapBytes: view.getFloat64(8, true),
      };
    }
    case hostType.size:
      if (payload.length !== 4) return undefined;
      return { type: 'size', rows: view.getUint16(0, true), columns: view.getUint16(2, true) };
    case hostType.stdout:
      return { type: 'stdout', bytes: payload };
    case hostType.stderr:
      return { type: 'stderr', bytes: payload };
    case hostType.exit: {
      if (payload.length !== 5) return undefined;
      const value = view.getInt32(1, true);
      return view.getUint8(0) === 0
        ? { type: 'exit', status: { kind: 'exited', code: value } }
        : { type: 'exit', status: { kind: 'signalled', signal: value } };
    }
    case hostType.ack:
      return payload.length === 4 ? { type: 'ack', byteCount: view.getUint32(0, true) } : undefined;
    case hostType.error: {
      const error = parseErrorData(payload);
      return error === undefined ? undefined : { type: 'error', error };
    }
    default:
      return undefined;
  }
}

function parseErrorData(payload: Uint8Array): ErrorData | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return isErrorData(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
