/** An HTTP proxy in this process; it leads every name to one address of this machine. */
import { once } from 'node:events';
import {
  createServer,
  request as sendOn,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** See {@link startConnectProxy}. */
export interface ConnectProxy extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** What it was asked for: `CONNECT registry.example:443`, `GET http://registry.example/v2/`. */
  readonly asked: readonly string[];
}

/** Options of {@link startConnectProxy}. */
interface ProxyOptions {
  /** `127.0.0.1:PORT`, where everything leads. */
  readonly target: string;
  /** `user:password` that it wants. */
  readonly secret?: string;
}

/** Starts one on a free port; `await using` ends it with all that goes through it. */
export async function startConnectProxy({ target, secret }: ProxyOptions): Promise<ConnectProxy> {
  const [host = '', port = ''] = target.split(':');
  const asked: string[] = [];
  const sockets = new Set<Duplex>();
  const mayPass = (request: IncomingMessage): boolean => {
    asked.push(`${String(request.method)} ${String(request.url)}`);
    if (secret === undefined) return true;
    const wanted = `Basic ${Buffer.from(secret).toString('base64')}`;
    return request.headers['proxy-authorization'] === wanted;
  };
  const server = createServer((request, response) => {
    if (mayPass(request)) passOn(request, response, { host, port });
    else response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket) => {
    if (!mayPass(request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const end = connect({ host, port: Number(port) }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      end.pipe(socket);
      socket.pipe(end);
    });
    sockets.add(end);
    end.on('error', () => socket.destroy());
    socket.on('error', () => end.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  target: { readonly host: string; readonly port: string },
): void {
  const { pathname, search } = new URL(request.url ?? '');
  const { method, headers } = request;
  const path = `${pathname}${search}`;
  const onward = sendOn({ ...target, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
