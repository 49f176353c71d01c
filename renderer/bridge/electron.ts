/**
 * The transport of the desktop window. The preload runs isolated, so a port reaches the page as a
 * message: the page asks with an id of its own making and knows the answer by it.
 */
import { RPCLink } from '@orpc/client/message-port';
import { translate } from '../words/language.ts';
import { BridgeError } from './bridge-error.ts';
import { createPathChooser, type PathKind } from './path-chooser.ts';
import type {
  DesktopPreferences,
  FrameChannel,
  FrameHandlers,
  RpcConnection,
  Transport,
} from './transport.ts';

/** What the preload puts on `window.skerry`. */
export interface PreloadApi {
  readonly kind: 'electron';
  /** Answered by a `skerry:rpc-port` message with the same id and one port. */
  requestRpcPort(requestId: string): void;
  /** Answered by a `skerry:session-port` message with the same id and one port. */
  requestSessionPort(requestId: string, sessionId: string): void;
  /** Answered by a `skerry:chosen-path` message with the same id, and a path if one was chosen. */
  choosePath(requestId: string, kind: PathKind): void;
  setPreferences(preferences: DesktopPreferences): void;
  showWindow(): void;
}

type PortMessageType = 'skerry:rpc-port' | 'skerry:session-port';

/** How long the preload may take to hand a port over before the host process counts as away. */
const portTimeoutMs = 10_000;

/** Talks to the host process inside Electron's main process. */
export function createElectronTransport(preload: PreloadApi, page: Window = window): Transport {
  const takePort = (
    type: PortMessageType,
    request: (requestId: string) => void,
    signal?: AbortSignal,
  ) => receivePort(page, type, request, signal);

  return {
    kind: 'electron',
    choosePath: createPathChooser(preload, page),
    desktop: preload,
    openRpc: async (signal) => {
      const port = await takePort(
        'skerry:rpc-port',
        (requestId) => {
          preload.requestRpcPort(requestId);
        },
        signal,
      );
      return rpcOver(port);
    },
    openSession: (sessionId, handlers) =>
      sessionOver(
        takePort('skerry:session-port', (requestId) => {
          preload.requestSessionPort(requestId, sessionId);
        }),
        handlers,
      ),
  };
}

function receivePort(
  page: Window,
  type: PortMessageType,
  request: (requestId: string) => void,
  signal = new AbortController().signal,
): Promise<MessagePort> {
  const requestId = crypto.randomUUID();
  const listening = new AbortController();
  return new Promise<MessagePort>((resolve, reject) => {
    const giveUp = () => {
      reject(new BridgeError('host/unreachable', translate('errors:bridge.noChannel')));
    };
    page.addEventListener(
      'message',
      (event: MessageEvent<unknown>) => {
        // Only this page's own preload posts to it from this very window.
        if (event.source !== page || !isAnswer(event.data, type, requestId)) return;
        const port = event.ports[0];
        if (port === undefined) giveUp();
        else resolve(port);
      },
      { signal: listening.signal },
    );
    const timer = setTimeout(giveUp, portTimeoutMs);
    listening.signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
    signal.addEventListener('abort', giveUp, { signal: listening.signal });
    request(requestId);
  }).finally(() => {
    listening.abort();
  });
}

function isAnswer(data: unknown, type: PortMessageType, requestId: string): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === type &&
    'requestId' in data &&
    data.requestId === requestId
  );
}

function rpcOver(port: MessagePort): RpcConnection {
  let settle: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    settle = resolve;
  });
  port.addEventListener('close', settle);
  const link = new RPCLink({ port });
  port.start();
  return {
    link,
    closed,
    close: () => {
      port.close();
      // The closing side hears no `close` event.
      settle();
    },
  };
}

function sessionOver(opening: Promise<MessagePort>, handlers: FrameHandlers): FrameChannel {
  const waiting: Uint8Array<ArrayBuffer>[] = [];
  let port: MessagePort | undefined;
  let isClosed = false;
  const onClose = () => {
    if (isClosed) return;
    isClosed = true;
    handlers.onClose();
  };
  opening.then((opened) => {
    port = opened;
    port.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (isClosed) return;
      if (event.data instanceof Uint8Array) handlers.onFrame(event.data);
      else if (event.data instanceof ArrayBuffer) handlers.onFrame(new Uint8Array(event.data));
    });
    port.addEventListener('close', onClose);
    port.start();
    for (const bytes of waiting.splice(0)) port.postMessage(bytes);
    if (isClosed) port.close();
  }, onClose);
  return {
    send: (bytes) => {
      if (port === undefined) waiting.push(bytes);
      else port.postMessage(bytes);
    },
    close: () => {
      isClosed = true;
      port?.close();
    },
  };
}
