/** The browser's way in: HTTP and WebSockets on 127.0.0.1, behind request-guard.ts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, type Logger } from '../engine/index.ts';
import type { AccessToken } from './access-token.ts';
import { parseSocketEndpoint } from './endpoints.ts';
import { refusalPage } from './pages.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { cookieName, judgeRequest, type Verdict } from './request-guard.ts';
import { securityHeaders } from './security-headers.ts';
import { sendPage, sendStaticFile } from './static-files.ts';
import type { WebSockets } from './web-sockets.ts';

const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5000,
};
const maxConnections = 512;
const maxHeadersCount = 64;

/** What a listener serves and to whom. */
export interface LoopbackOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly token: AccessToken;
  /** Folder of the built renderer. */
  readonly rendererDir: string;
  readonly webSockets: WebSockets;
  readonly logger: Logger;
}

/** A listener on 127.0.0.1. */
export interface LoopbackListener {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws AppError `host/port-unavailable` */
export async function listenOnLoopback(options: LoopbackOptions): Promise<LoopbackListener> {
  const { token, rendererDir, webSockets, logger } = options;
  let port = options.port;
  const judge = (request: IncomingMessage, isUpgrade: boolean): Verdict => {
    const { method, url, headers } = request;
    return judgeRequest(
      { headers, isUpgrade, ...(method && { method }), ...(url && { url }) },
      port,
      token,
    );
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const host = request.headers.host ?? '';
    const verdict = judge(request, false);
    const isKnownHost = verdict.kind !== 'refuse';
    const headers = securityHeaders(isKnownHost ? host : `127.0.0.1:${String(port)}`);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    switch (verdict.kind) {
      case 'allow':
        await sendStaticFile(rendererDir, verdict.pathname, response);
        return;
      case 'sign-in':
        response.writeHead(303, {
          location: '/',
          'cache-control': 'no-store',
          'set-cookie': `${cookieName(port)}=${token.value}; HttpOnly; SameSite=Strict; Path=/`,
        });
        response.end();
        return;
      case 'refuse':
        // A body that nobody reads must not keep the connection.
        response.setHeader('connection', 'close');
        if (verdict.status === 405) response.setHeader('allow', 'GET, HEAD');
        sendPage(response, verdict.status, refusalPage(verdict.reason));
    }
  };

  const server = createServer(limits, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      logger.warn('A page could not be sent', { error: String(error) });
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  server.maxConnections = maxConnections;
  server.maxHeadersCount = maxHeadersCount;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const verdict = judge(request, true);
    const endpoint = verdict.kind === 'allow' ? parseSocketEndpoint(verdict.pathname) : undefined;
    if (endpoint !== undefined) {
      webSockets.upgrade(endpoint, request, socket, head);
      return;
    }
    refuseUpgrade(socket, verdict.kind === 'refuse' ? verdict.status : 404);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(portError(port, error));
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
  });
  port = (server.address() as AddressInfo).port;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function portError(port: number, error: NodeJS.ErrnoException): AppError {
  const what =
    error.code === 'EADDRINUSE'
      ? `Port ${String(port)} of 127.0.0.1 is taken.`
      : `Port ${String(port)} of 127.0.0.1 cannot be opened: ${error.message}.`;
  return new AppError('host/port-unavailable', what, { cause: error });
}
