import type { Duplex } from 'node:stream';

/** Answers an upgrade that is not served; `socket` has no response object of its own. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  const reasons: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    405: 'Method Not Allowed',
  };
  const reason = reasons[status] ?? 'Error';
  socket.end(
    `HTTP/1.1 ${String(status)} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    () => socket.destroy(),
  );
}
