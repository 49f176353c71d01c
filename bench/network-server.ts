/** The host's end of the network benchmark, a process of its own: `source BYTES`, `sink`, `echo`, at free ports. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

const chunk = Buffer.alloc(256 * 1024, 7);
const sourceBytes = Number(process.argv[2]);

function source(socket: Socket): void {
  let left = sourceBytes;
  const send = (): void => {
    while (left > 0) {
      const piece = left < chunk.length ? chunk.subarray(0, left) : chunk;
      left -= piece.length;
      if (!socket.write(piece)) {
        socket.once('drain', send);
        return;
      }
    }
    socket.end();
  };
  send();
}

function sink(socket: Socket): void {
  socket.resume();
}

function echo(socket: Socket): void {
  socket.setNoDelay(true);
  socket.pipe(socket);
}

const ports: Record<string, number> = {};
for (const serve of [source, sink, echo]) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports[serve.name] = (server.address() as AddressInfo).port;
}
process.send?.(ports);
