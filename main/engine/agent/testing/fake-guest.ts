/**
 * The other end of a port, in memory: it says what a test wants, which no honest agent would.
 */
import { duplexPair, type Duplex } from 'node:stream';
import type { GuestListener } from '../agent.ts';
import { FieldsWriter, tag } from '../fields.ts';
import { FrameParser, serializeFrame, type Frame } from '../frame-codec.ts';
import { guestType } from '../guest-messages.ts';
import { hostType } from '../host-messages.ts';

type HostType = (typeof hostType)[keyof typeof hostType];

/** See the file's header. */
export class FakeGuest {
  /** What the host is given. */
  readonly hostPort: Duplex;
  readonly #port: Duplex;
  readonly #parser = new FrameParser();
  readonly #frames: Frame[] = [];
  #wake: () => void = () => undefined;

  constructor() {
    const [hostPort, guestPort] = duplexPair();
    this.hostPort = hostPort;
    this.#port = guestPort;
    guestPort.on('data', (chunk: Uint8Array) => {
      this.#frames.push(...this.#parser.push(chunk));
      this.#wake();
    });
  }

  /** Everything the host has sent and nobody has taken with {@link next}. */
  get received(): readonly Frame[] {
    return this.#frames;
  }

  /** Takes the next frame of the host, whose type must be this one. */
  async next(type: HostType): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (frame.type === type) {
        return frame;
      } else {
        throw new Error(`The host sent ${String(frame.type)} instead of ${String(type)}.`);
      }
    }
  }

  send(type: number, stream = 0, payload: Uint8Array | FieldsWriter = new Uint8Array()): void {
    const bytes = payload instanceof FieldsWriter ? payload.finish() : payload;
    this.#port.write(serializeFrame({ type, flags: 0, stream, payload: bytes }));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#port.write(bytes);
  }

  /** Reads nothing more, as a guest that hangs. */
  stopReading(): void {
    this.#port.pause();
  }

  resumeReading(): void {
    this.#port.resume();
  }

  end(): void {
    this.#port.end();
  }

  /** Answers HELLO: reply, as many sessions as are listed, end of the list. */
  async greet({ version = 1, sessions = [] as readonly number[] } = {}): Promise<void> {
    const { payload } = await this.next(hostType.hello);
    const nonce = payload.subarray(6, 22);
    this.send(
      guestType.helloReply,
      0,
      new FieldsWriter()
        .bytes(tag.nonce, nonce)
        .u32(tag.version, version)
        .bytes(tag.bootId, new Uint8Array(16))
        .u32(tag.isSetUp, 1)
        .u64(tag.bootMs, 700)
        .u64(tag.uptimeMs, 800),
    );
    for (const stream of sessions) this.listSession(stream);
    this.send(guestType.sessionsEnd);
  }

  listSession(stream: number): void {
    this.send(
      guestType.session,
      stream,
      new FieldsWriter()
        .u32(tag.pid, 42)
        .u32(tag.tty, 1)
        .u64(tag.startedAtMs, 1_700_000_000_000)
        .u32(tag.stdinBytes, 262_144)
        .text(tag.argument, 'sh'),
    );
  }

  /** Lets the next command start; returns its stream. */
  async start(): Promise<number> {
    const { stream } = await this.next(hostType.exec);
    this.send(
      guestType.started,
      stream,
      new FieldsWriter().u32(tag.pid, 42).u64(tag.startedAtMs, 1_700_000_000_000),
    );
    return stream;
  }

  /** Answers the next question for what listens. */
  async list(listeners: readonly GuestListener[]): Promise<void> {
    await this.next(hostType.listeners);
    const fields = new FieldsWriter();
    for (const listener of listeners) fields.bytes(tag.listener, listenerFields(listener));
    this.send(guestType.listenersReply, 0, fields);
  }

  exit(stream: number, code = 0): void {
    this.send(guestType.exit, stream, new FieldsWriter().u32(tag.exitCode, code));
  }
}

function listenerFields({ protocol, address, port, command }: GuestListener): Uint8Array {
  const fields = new FieldsWriter()
    .u32(tag.protocol, protocol === 'tcp' ? 6 : 17)
    .bytes(tag.address, address)
    .u32(tag.port, port);
  if (command !== undefined) fields.text(tag.command, command);
  return fields.finish();
}
