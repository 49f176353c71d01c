/** The transport of a page that the headless host serves: two kinds of WebSocket on its origin. */
import { RPCLink } from '@orpc/client/websocket';
import { translate } from '../words/language.ts';
import { BridgeError } from './bridge-error.ts';
import type { FrameChannel, FrameHandlers, RpcConnection, Transport } from './transport.ts';

/** Talks to the host process that served the page; the cookie that it set goes along by itself. */
export function createBrowserTransport(): Transport {
  return { kind: 'browser', openRpc, openSession };
}

function socketUrl(path: string): URL {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

async function openRpc(signal: AbortSignal): Promise<RpcConnection> {
  const socket = new WebSocket(socketUrl('/rpc'));
  const opened = await new Promise<boolean>((resolve) => {
    const settle = () => {
      resolve(socket.readyState === WebSocket.OPEN);
    };
    socket.addEventListener('open', settle, { once: true });
    socket.addEventListener('close', settle, { once: true });
    signal.addEventListener(
      'abort',
      () => {
        socket.close();
      },
      { once: true },
    );
  });
  if (!opened) throw await explainRefusal(signal);
  // Before `closed`: the link lets go of its calls first. Whoever hears of the end gives up calls
  // too, and one that the link still had would be told of it over a socket that is closed.
  const link = new RPCLink({ websocket: quietOnceClosed(socket) });
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => {
      resolve();
    });
  });
  return {
    link,
    closed,
    close: () => {
      socket.close();
    },
  };
}

/**
 * A socket that is open for good: a closed WebSocket itself ignores what it is given, and `closed`
 * tells the callers. oRPC would throw where nobody can catch it, when a call is cancelled meanwhile.
 */
function quietOnceClosed(
  socket: WebSocket,
): Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState'> {
  return {
    readyState: WebSocket.OPEN,
    send: (message) => {
      socket.send(message);
    },
    addEventListener: socket.addEventListener.bind(socket),
    removeEventListener: socket.removeEventListener.bind(socket),
  };
}

/** A WebSocket does not tell why it failed; a plain request to the same host does. */
async function explainRefusal(signal: AbortSignal): Promise<BridgeError> {
  const answer = await fetch('/', { method: 'HEAD', cache: 'no-store', signal }).catch(
    () => undefined,
  );
  if (answer?.status === 401 || answer?.status === 403) {
    return new BridgeError(
      'host/not-allowed',
      translate('errors:bridge.startedAnew'),
      translate('errors:bridge.openNewAddress'),
    );
  }
  return new BridgeError('host/unreachable', translate('errors:bridge.noAnswer'));
}

function openSession(sessionId: string, handlers: FrameHandlers): FrameChannel {
  const socket = new WebSocket(socketUrl(`/sessions/${encodeURIComponent(sessionId)}`));
  socket.binaryType = 'arraybuffer';
  const waiting: Uint8Array<ArrayBuffer>[] = [];
  let isClosed = false;
  socket.addEventListener('open', () => {
    for (const bytes of waiting.splice(0)) socket.send(bytes);
    if (isClosed) socket.close();
  });
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.data instanceof ArrayBuffer && !isClosed) {
      handlers.onFrame(new Uint8Array(event.data));
    }
  });
  socket.addEventListener('close', () => {
    if (isClosed) return;
    isClosed = true;
    handlers.onClose();
  });
  return {
    send: (bytes) => {
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(bytes);
      else if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    close: () => {
      isClosed = true;
      // Frames that wait (a hang-up, say) go out before the close, in the open listener.
      if (socket.readyState !== WebSocket.CONNECTING || waiting.length === 0) socket.close();
    },
  };
}
