/** Published ports and what listens in the guest, as the page shows them. Pure. */
import { bracketed } from '../../../main/contract/config/destination.ts';
import {
  formatPortMapping,
  isBeyondLoopback,
  type PortMapping,
} from '../../../main/contract/config/port-mapping.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { GuestPort } from '../../../main/contract/network.ts';

/** Where a published port answers: `127.0.0.1:8080`. */
export function addressOf({ bind, hostPort }: Pick<PortMapping, 'bind' | 'hostPort'>): string {
  return `${bracketed(bind)}:${String(hostPort)}`;
}

/** The address of a TCP port in a browser; undefined for what only other machines are meant to reach. */
export function urlOf(port: PortMapping): string | undefined {
  if (port.protocol !== 'tcp' || isBeyondLoopback(port)) return undefined;
  return `http://${addressOf(port)}`;
}

/** The published port that leads to a listener, on the host port that is suggested for it. */
export function portOf({ suggestedHostPort, port, protocol }: GuestPort): string {
  return formatPortMapping({
    ...{ bind: '127.0.0.1', hostPort: suggestedHostPort, guestPort: port, protocol },
  });
}

/** The port that is free, of an error that says that another one is in use. */
export function readFreePort({ code, details = {} }: ErrorData): number | undefined {
  const { freePort } = details;
  return code === 'network/port-in-use' && typeof freePort === 'number' ? freePort : undefined;
}
