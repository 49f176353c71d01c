import { listenerOf, type PortMapping } from '../../../contract/config/port-mapping.ts';
import { AppError } from '../../base/app-error.ts';
import { findFreePort, findPortHolder } from '../../net/gateway/port-holder.ts';

/**
 * Why a port cannot be listened on, with who has it and one that is free.
 * @param error the system's, or without a code where what listens has ended
 */
export async function portError(port: PortMapping, error: unknown): Promise<AppError> {
  const { code, message } = error as NodeJS.ErrnoException;
  const at = listenerOf(port);
  if (code === undefined) {
    const text = `${at} cannot be listened on now: ${message}`;
    return new AppError('network/gateway-failed', text, { details: { port: at }, cause: error });
  }
  if (code === 'EADDRINUSE') return portInUse(port, await findPortHolder(port));
  const { freePort, offer } = await offerFree(port);
  const details = { port: at, ...freePort };
  switch (code) {
    case 'EACCES':
      return new AppError(
        'network/port-unavailable',
        `${at} may not be used by this user: ports below 1024 are the system's.${offer}`,
        { details },
      );
    case 'EADDRNOTAVAIL':
      return new AppError(
        'network/port-unavailable',
        `${port.bind} is no address of this machine.`,
        {
          details,
          hint: 'Bind the port to 127.0.0.1, to 0.0.0.0, or to an address of this machine.',
        },
      );
    default:
      return new AppError('network/port-unavailable', `${at} cannot be used: ${message}`, {
        details,
        cause: error,
      });
  }
}

/**
 * That a port is in use, with one that is free.
 * @param holder who has it, where that is known
 */
export async function portInUse(port: PortMapping, holder?: string): Promise<AppError> {
  const at = listenerOf(port);
  const { freePort, offer } = await offerFree(port);
  const text = `${at} is in use${holder === undefined ? '' : ` by ${holder}`}.${offer}`;
  const details = { port: at, ...freePort, ...(holder === undefined ? {} : { holder }) };
  return new AppError('network/port-in-use', text, { details });
}

async function offerFree(
  port: PortMapping,
): Promise<{ readonly freePort: { readonly freePort?: number }; readonly offer: string }> {
  const freePort = await findFreePort(port, port.hostPort + 1).catch(() => undefined);
  if (freePort === undefined) return { freePort: {}, offer: '' };
  return { freePort: { freePort }, offer: ` Port ${String(freePort)} is free.` };
}
