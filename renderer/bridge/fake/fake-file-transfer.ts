/** Tar streams between the window and the in-memory host: slow, and with the window of a real one. */
import { createTarPacker, unpackTar } from 'modern-tar';
import { leftOutExitCode } from '../../../main/contract/files.ts';
import {
  maxSessionPayloadBytes,
  parseClientFrame,
  serializeHostFrame,
  sessionWindowBytes,
  type HostFrame,
} from '../../../main/contract/session-frames.ts';
import type { FrameChannel, FrameHandlers } from '../transport.ts';
import { toErrorData } from '../bridge-error.ts';
import type { FakeNode } from './fake-file-tree.ts';
import type { FakeFiles } from './fake-files.ts';
import type { FakeProgress } from './fake-operations.ts';

/** What crosses the channel of a session. */
export type FakeTransfer = (handlers: FrameHandlers) => FrameChannel;

const slowMs = 60;

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/**
 * Sends files by their names; one named `broken…` fails when it is its turn, and one named `locked…`
 * is left out.
 */
export function fakeDownload(
  nodes: ReadonlyMap<string, FakeNode>,
  progress: FakeProgress,
  stepMs = slowMs,
): FakeTransfer {
  return (handlers) => {
    let unacknowledged = 0;
    let isClosed = false;
    let wake: () => void = () => undefined;
    const deliver = (frame: HostFrame) => {
      if (!isClosed) handlers.onFrame(serializeHostFrame(frame));
    };
    const run = async () => {
      const { readable, controller } = createTarPacker();
      const leftOut: string[] = [];
      packNodes(nodes, controller, leftOut).catch((error: unknown) => {
        controller.error(error);
      });
      const reader = readable.getReader();
      let bytesDone = 0;
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        for (let at = 0; at < next.value.length; at += maxSessionPayloadBytes) {
          while (unacknowledged > sessionWindowBytes - maxSessionPayloadBytes && !isClosed) {
            await new Promise<void>((done) => (wake = done));
          }
          const bytes = next.value.slice(at, at + maxSessionPayloadBytes);
          unacknowledged += bytes.length;
          bytesDone += bytes.length;
          if (!progress.setBytes(bytesDone)) {
            deliver({ type: 'exit', status: { kind: 'signalled', signal: 15 } });
            return;
          }
          deliver({ type: 'stdout', bytes });
          if (bytes.length >= 4_096) await pause(stepMs);
        }
      }
      progress.end();
      const words = leftOut.map((name) => `${name}: left out: Permission denied\n`).join('');
      if (words !== '') deliver({ type: 'stderr', bytes: new TextEncoder().encode(words) });
      const code = words === '' ? 0 : leftOutExitCode;
      deliver({ type: 'exit', status: { kind: 'exited', code } });
    };
    run().catch((error: unknown) => {
      fail(error, progress, deliver);
    });
    return {
      send: (bytes) => {
        const frame = parseClientFrame(bytes);
        if (frame?.type !== 'ack') return;
        unacknowledged -= frame.byteCount;
        wake();
      },
      close: () => {
        isClosed = true;
        wake();
      },
    };
  };
}

async function packNodes(
  nodes: ReadonlyMap<string, FakeNode>,
  controller: ReturnType<typeof createTarPacker>['controller'],
  leftOut: string[],
): Promise<void> {
  for (const [name, { entry, content, children }] of nodes) {
    if (name.split('/').at(-1)?.startsWith('broken') === true) {
      throw new Error(`${name}: Input/output error`);
    }
    if (name.split('/').at(-1)?.startsWith('locked') === true) {
      leftOut.push(name);
      continue;
    }
    const { mode, kind, target } = entry;
    const mtime = new Date(entry.modifiedAtMs);
    if (kind === 'symlink') {
      const header = {
        name,
        mode,
        mtime,
        type: 'symlink',
        size: 0,
        linkname: target ?? '',
      } as const;
      await controller.add(header).close();
    } else if (kind === 'directory') {
      await controller.add({ name: `${name}/`, mode, mtime, type: 'directory', size: 0 }).close();
      const below = [...(children ?? [])].map(([child, of]) => [`${name}/${child}`, of] as const);
      await packNodes(new Map(below), { ...controller, finalize: () => undefined }, leftOut);
    } else {
      const writer = controller
        .add({ name, mode, mtime, type: 'file', size: content.length })
        .getWriter();
      await writer.write(content);
      await writer.close();
    }
  }
  controller.finalize();
}

/** Takes a tar into a directory; a file named `refused…` is not taken. */
export function fakeUpload(
  files: FakeFiles,
  directory: string,
  progress: FakeProgress,
  stepMs = slowMs,
): FakeTransfer {
  return (handlers) => {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    const waiting: number[] = [];
    let bytesDone = 0;
    let isClosed = false;
    let isPumping = false;
    let hasEnded = false;
    const deliver = (frame: HostFrame) => {
      if (!isClosed) handlers.onFrame(serializeHostFrame(frame));
    };
    const unpack = async () => {
      const entries = await unpackTar(await new Blob(chunks).arrayBuffer());
      for (const { header, data } of entries) {
        const path = `${directory === '/' ? '' : directory}/${header.name.replace(/\/$/, '')}`;
        if (path.split('/').at(-1)?.startsWith('refused') === true) {
          throw new Error(`${path}: Permission denied`);
        }
        if (header.type === 'directory') {
          files.put(path, new Uint8Array(), { kind: 'directory', mode: header.mode ?? 0o755 });
        } else files.put(path, data ?? new Uint8Array(), { mode: header.mode ?? 0o644 });
      }
      progress.end();
      deliver({ type: 'exit', status: { kind: 'exited', code: 0 } });
    };
    const pump = async () => {
      isPumping = true;
      for (let size = waiting.shift(); size !== undefined; size = waiting.shift()) {
        await pause(stepMs);
        bytesDone += size;
        if (!progress.setBytes(bytesDone)) {
          deliver({ type: 'exit', status: { kind: 'signalled', signal: 15 } });
          return;
        }
        deliver({ type: 'ack', byteCount: size });
      }
      isPumping = false;
      if (hasEnded) await unpack();
    };
    const go = () => {
      if (isPumping) return;
      pump().catch((error: unknown) => {
        fail(error, progress, deliver);
      });
    };
    return {
      send: (bytes) => {
        const frame = parseClientFrame(bytes);
        if (frame?.type === 'input') {
          chunks.push(Uint8Array.from(frame.bytes));
          waiting.push(frame.bytes.length);
          go();
        } else if (frame?.type === 'input-end') {
          hasEnded = true;
          go();
        }
      },
      close: () => {
        isClosed = true;
      },
    };
  };
}

function fail(error: unknown, progress: FakeProgress, deliver: (frame: HostFrame) => void): void {
  const { message } = toErrorData(error);
  progress.end(message);
  deliver({ type: 'stderr', bytes: new TextEncoder().encode(`${message}\n`) });
  deliver({ type: 'exit', status: { kind: 'exited', code: 1 } });
}
