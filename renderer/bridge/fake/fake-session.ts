/** One terminal of the in-memory host, by the rules of session-frames.ts: many clients, one size. */
import {
  parseClientFrame,
  serializeHostFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../../../main/contract/session-frames.ts';
import type { Session, SessionActivity } from '../../../main/contract/session.ts';
import type { FrameChannel, FrameHandlers } from '../transport.ts';
import { FakeShell } from './fake-shell.ts';

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Output that a client who comes later is shown; a real host keeps the screen itself. */
const keptBytes = 128 * 1024;
const floodBytes = 16 * 1024;

/** See the head of this file. */
export class FakeSession {
  #description: Session;
  #size: Size;
  #kept = new Uint8Array();
  #flood: Uint8Array | undefined;
  /** Another client that only has a size. */
  #other: Size | undefined;
  readonly #clients = new Set<FakeClient>();
  readonly #shell: FakeShell;

  constructor(description: Session, size: Size) {
    this.#description = description;
    this.#size = size;
    this.#shell = new FakeShell(description.sandbox, {
      print: (text) => {
        this.#output(new TextEncoder().encode(text));
      },
      flood: (text) => {
        this.#flood =
          text === undefined
            ? undefined
            : new TextEncoder().encode(text.repeat(Math.ceil(floodBytes / text.length)));
        this.#pump();
      },
      exit: (code) => {
        this.#flood = undefined;
        const exit = { kind: 'exited', code } as const;
        this.#description = { ...this.#description, exit, endedAtMs: Date.now() };
        for (const client of this.#clients) client.push({ type: 'exit', status: exit });
      },
      shareWith: (other) => {
        this.#other = other;
        this.#resize();
      },
    });
  }

  get description(): Session {
    return { ...this.#description, clients: this.#clients.size };
  }

  get activity(): SessionActivity {
    const { foreground } = this.#shell;
    return foreground === undefined ? {} : { foreground };
  }

  attach(handlers: FrameHandlers): FrameChannel {
    const client = new FakeClient(handlers, () => {
      this.#pump();
    });
    const { exit } = this.#description;
    client.push({
      type: 'attached',
      ...this.#size,
      replayBytes: this.#kept.length,
      gapBytes: 0,
    });
    client.push({ type: 'stdout', bytes: this.#kept });
    if (exit !== undefined) client.push({ type: 'exit', status: exit });
    this.#clients.add(client);
    return {
      send: (bytes) => {
        const frame = parseClientFrame(bytes);
        if (frame !== undefined) this.#receive(client, frame);
      },
      close: () => {
        client.close();
        this.#clients.delete(client);
        this.#resize();
      },
    };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #receive(client: FakeClient, frame: ClientFrame): void {
    switch (frame.type) {
      case 'input':
        client.push({ type: 'ack', byteCount: frame.bytes.length });
        if (this.#description.exit === undefined) this.#shell.type(frame.bytes);
        return;
      case 'ack':
        client.acknowledge(frame.byteCount);
        return;
      case 'resize':
        client.size = { rows: frame.rows, columns: frame.columns };
        this.#resize();
        return;
      case 'sizing':
        for (const one of this.#clients) one.isDecisive = false;
        client.isDecisive = frame.sizing === 'mine';
        this.#resize();
        return;
      case 'signal':
      case 'input-end':
    }
  }

  #resize(): void {
    const clients = [...this.#clients];
    const decisive = clients.find(({ isDecisive }) => isDecisive)?.size;
    const sizes = [...clients.map(({ size }) => size), this.#other].filter(
      (size) => size !== undefined,
    );
    if (sizes.length === 0) return;
    const { rows, columns } = decisive ?? {
      rows: Math.min(...sizes.map((size) => size.rows)),
      columns: Math.min(...sizes.map((size) => size.columns)),
    };
    if (rows === this.#size.rows && columns === this.#size.columns) return;
    this.#size = { rows, columns };
    for (const client of clients) client.push({ type: 'size', rows, columns });
  }

  #output(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#kept.length + bytes.length);
    all.set(this.#kept);
    all.set(bytes, this.#kept.length);
    this.#kept = all.slice(-keptBytes);
    for (const client of this.#clients) client.push({ type: 'stdout', bytes });
  }

  /** A program is as fast as the slowest who looks. */
  #pump(): void {
    while (this.#flood !== undefined && this.#clients.size > 0) {
      if ([...this.#clients].some((client) => client.isBehind)) return;
      this.#output(this.#flood);
    }
  }
}

/** What is on its way to one client. */
class FakeClient {
  size: Size | undefined;
  isDecisive = false;
  readonly #handlers: FrameHandlers;
  readonly #onRoom: () => void;
  readonly #queue: HostFrame[] = [];
  #unacknowledgedBytes = 0;
  #isClosed = false;

  constructor(handlers: FrameHandlers, onRoom: () => void) {
    this.#handlers = handlers;
    this.#onRoom = onRoom;
  }

  get isBehind(): boolean {
    return this.#queue.length > 0 || this.#unacknowledgedBytes + floodBytes > sessionWindowBytes;
  }

  push(frame: HostFrame): void {
    this.#queue.push(frame);
    this.#pump();
  }

  acknowledge(byteCount: number): void {
    this.#unacknowledgedBytes -= byteCount;
    this.#pump();
    this.#onRoom();
  }

  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
  }

  #pump(): void {
    for (;;) {
      const frame = this.#queue[0];
      if (frame === undefined) return;
      if (frame.type === 'stdout') {
        if (this.#unacknowledgedBytes + frame.bytes.length > sessionWindowBytes) return;
        this.#unacknowledgedBytes += frame.bytes.length;
      }
      this.#queue.shift();
      queueMicrotask(() => {
        if (!this.#isClosed) this.#handlers.onFrame(serializeHostFrame(frame));
      });
    }
  }
}
