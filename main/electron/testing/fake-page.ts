/**
 * Joins the real preload script to the real main process code, as Electron does: the script sends
 * to `ipcMain` from a frame, and what a frame is posted reaches the script and then the page.
 */
import { EventEmitter, once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '../../contract/contract.ts';
import {
  parseHostFrame,
  serializeClientFrame,
  type ClientFrame,
  type HostFrame,
} from '../../contract/session-frames.ts';
import * as electron from './fake-electron.ts';
import type { FakeFrame } from './fake-window.ts';

/** What the page finds on `window.skerry`; the same as renderer/bridge/electron.ts declares. */
interface PreloadApi {
  readonly kind: string;
  requestRpcPort(requestId: string): void;
  requestSessionPort(requestId: string, sessionId: string): void;
  choosePath(requestId: string, kind: string): void;
  setPreferences(preferences: unknown): void;
  showWindow(): void;
}

/** A message that reached the page's window. */
export interface PageMessage {
  readonly data: { type: string; requestId?: string; command?: string; path?: string };
  readonly ports: MessagePort[];
}

/** The page of one frame. Load the preload script (`import('../preload.ts')`) after making it. */
export class FakePage {
  readonly #messages = new EventEmitter();
  readonly #ports: MessagePort[] = [];
  #nextId = 0;

  constructor(frame: FakeFrame) {
    electron.ipcRenderer.onSend = (channel, ...values) => {
      electron.ipcMain.emit(channel, { senderFrame: frame }, ...values);
    };
    frame.onMessage = (channel, message, ports) => {
      electron.ipcRenderer.emit(channel, { ports }, message);
    };
  }

  /** The page's `window.postMessage`, for the preload script. */
  readonly postMessage = (data: PageMessage['data'], _origin: string, ports = []): void => {
    this.#ports.push(...ports);
    this.#messages.emit('message', { data, ports } satisfies PageMessage);
  };

  get skerry(): PreloadApi {
    return electron.contextBridge.exposed['skerry'] as PreloadApi;
  }

  /** The next message to the page. */
  async nextMessage(): Promise<PageMessage> {
    const [message] = (await once(this.#messages, 'message')) as [PageMessage];
    return message;
  }

  /** Asks for a port as the renderer does. */
  async rpcPort(): Promise<MessagePort> {
    return this.#answered('skerry:rpc-port', (id) => {
      this.skerry.requestRpcPort(id);
    });
  }

  async sessionPort(sessionId: string): Promise<MessagePort> {
    return this.#answered('skerry:session-port', (id) => {
      this.skerry.requestSessionPort(id, sessionId);
    });
  }

  /** A client over a port, as the renderer makes it. */
  async client(): Promise<ContractRouterClient<typeof contract>> {
    return createORPCClient(new RPCLink({ port: await this.rpcPort() }));
  }

  /** Ends every port of the page, as a reload does. */
  close(): void {
    for (const port of this.#ports) port.close();
  }

  async #answered(type: string, request: (id: string) => void): Promise<MessagePort> {
    this.#nextId += 1;
    const id = `request-${String(this.#nextId)}`;
    const answer = this.nextMessage();
    request(id);
    const { data, ports } = await answer;
    if (data.type !== type || data.requestId !== id) throw new Error(JSON.stringify(data));
    const [port] = ports;
    if (port === undefined) throw new Error(`"${type}" came without a port.`);
    return port;
  }
}

/** Frames of a session's port in the order they come, until the port is closed. */
export async function* framesOf(port: MessagePort): AsyncGenerator<HostFrame> {
  const frames: (HostFrame | undefined)[] = [];
  const arrived = new EventEmitter();
  port.on('message', (bytes: Uint8Array) => {
    frames.push(parseHostFrame(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)));
    arrived.emit('frame');
  });
  port.on('close', () => {
    frames.push(undefined);
    arrived.emit('frame');
  });
  for (;;) {
    if (frames.length === 0) await once(arrived, 'frame');
    const frame = frames.shift();
    if (frame === undefined) return;
    yield frame;
  }
}

/** Sends one frame of a client. */
export function sendFrame(port: MessagePort, frame: ClientFrame): void {
  port.postMessage(serializeClientFrame(frame));
}
