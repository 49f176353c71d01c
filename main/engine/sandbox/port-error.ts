import { listenerOf, type PortMapping } from '../../contract/config/port-mapping.ts';
import { AppError } from '../base/app-error.ts';
import { findFreePort, findPortHolder } from '../net/gateway/port-holder.ts';

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
  const [holder, freePort] = await Promise.all([
    code === 'EADDRINUSE' ? findPortHolder(port) : undefined,
    findFreePort(port, port.hostPort + 1).catch(() => undefined),
  ]);
  const details = { port: at, ...(freePort === undefined ? {} : { freePort }) };
  const offer = freePort === undefined ? '' : ` Port ${String(freePort)} is free.`;
  switch (code) {
    case 'EADDRINUSE': {
      const text = `${at} is in use${holder === undefined ? '' : ` by ${holder}`}.${offer}`;
      const known = holder === undefined ? {} : { holder };
      return new AppError('network/port-in-use', text, { details: { ...details, ...known } });
    }
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
