/** Headers of every answer of the renderer's origin; the browser host sends the same policy. */
import { securityHeaders } from '../server/security-headers.ts';
import { appHost } from './app-origin.ts';

/** A window speaks to its host over MessagePorts, so no WebSocket may be opened. */
export const rendererHeaders: Readonly<Record<string, string>> = withoutWebSockets(
  securityHeaders(appHost),
);

function withoutWebSockets(headers: Record<string, string>): Record<string, string> {
  const name = 'content-security-policy';
  return { ...headers, [name]: (headers[name] ?? '').replace(/ ws:\/\/[^ ;]+/, '') };
}
