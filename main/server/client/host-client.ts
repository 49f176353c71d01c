/** A client of a host process over its unix socket; for the CLI, and for the desktop host. */
import { connect } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket, type RawData } from 'ws';
import type { ByteChannel } from '../../api/session-channel.ts';
import type { contract } from '../../contract/contract.ts';
import { addressPath, rpcPath, sessionPath } from '../endpoints.ts';
import { clientError, toClientError } from './client-error.ts';

/** The procedures of the contract. What they throw is a ClientError. */
export type Procedures = ContractRouterClient<typeof contract>;

/** A connection to a host process. */
export interface HostClient {
  readonly procedures: Procedures;
  /** Opens the channel of a session, for a `SessionClient` or to be passed on as it is. */
  openSession(sessionId: string): Promise<ByteChannel>;
  close(): void;
}

/** @throws ClientError `host/unreachable` */
export async function connectHost(socketPath: string): Promise<HostClient> {
  const webSocket = await openSocket(socketPath, rpcPath);
  const link = new RPCLink({
    // The types of ws and of the DOM differ in what is not used here.
    websocket: webSocket as unknown as globalThis.WebSocket,
    interceptors: [
      async (call) => {
        try {
          return await call.next();
        } catch (error) {
          if (webSocket.readyState === WebSocket.OPEN) throw toClientError(error);
          throw clientError('host/unreachable', 'The host process has ended.', error);
        }
      },
    ],
  });
  webSocket.resume();
  return {
    procedures: createORPCClient(link),
    openSession: async (sessionId) => {
      const channel = await openSocket(socketPath, sessionPath(sessionId));
      return webSocketChannel(channel);
    },
    close: () => {
      webSocket.close();
    },
  };
}

/**
 * Opens a raw WebSocket to a host process: `/rpc` or `/sessions/<id>`. A host that is a client
 * itself passes its messages on unread. The socket is paused, so that no message is lost before
 * someone listens; `resume` it then.
 * @throws ClientError `host/unreachable`
 */
export async function openSocket(socketPath: string, urlPath: string): Promise<WebSocket> {
  const webSocket = new WebSocket(`ws://localhost${urlPath}`, {
    createConnection: () => connect(socketPath),
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    webSocket.once('open', () => {
      webSocket.pause();
      resolve();
    });
    webSocket.once('error', (error) => {
      const what = `The host process at ${socketPath} does not answer (${error.message}).`;
      reject(clientError('host/unreachable', what, error));
    });
  });
  // What ends an open socket is told by its close event.
  webSocket.on('error', () => undefined);
  return webSocket;
}

/** Address at which the host process serves a browser; it opens it if need be. */
export async function requestAddress(socketPath: string): Promise<string> {
  // As a module, `node:http` brings Node's whole HTTP client with it, which nothing else here needs.
  const { get } = await import('node:http');
  const body = await new Promise<string>((resolve, reject) => {
    get({ socketPath, path: addressPath, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`It answered ${String(response.statusCode)}.`));
      });
    }).on('error', reject);
  });
  return (JSON.parse(body) as { url: string }).url;
}

function webSocketChannel(webSocket: WebSocket): ByteChannel {
  return {
    send: (bytes) => {
      webSocket.send(bytes);
    },
    onMessage: (listener) => {
      webSocket.on('message', (data: RawData) => {
        listener(data as Buffer);
      });
      webSocket.resume();
    },
    onClose: (listener) => {
      if (webSocket.readyState === WebSocket.CLOSED) listener();
      else webSocket.once('close', listener);
    },
    close: () => {
      webSocket.close();
    },
  };
}
