/** Published ports and what listens in the guest, as the page shows them. Pure. */
import { formatPortMapping } from '../../../main/contract/config/port-mapping.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { GuestPort } from '../../../main/contract/network.ts';

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
