/** Where published ports are reached. Pure. */
import { bracketed } from '../../main/contract/config/destination.ts';
import { isBeyondLoopback, type PortMapping } from '../../main/contract/config/port-mapping.ts';

/** Where a published port answers: `127.0.0.1:8080`. */
export function addressOf({ bind, hostPort }: Pick<PortMapping, 'bind' | 'hostPort'>): string {
  return `${bracketed(bind)}:${String(hostPort)}`;
}

/** The address of a TCP port in a browser; undefined for what only other machines are meant to reach. */
export function urlOf(port: PortMapping): string | undefined {
  if (port.protocol !== 'tcp' || isBeyondLoopback(port)) return undefined;
  return `http://${addressOf(port)}`;
}
