/** `skerry port …` */
import { bracketed } from '../../contract/config/destination.ts';
import type { GuestPort, PublishedPort } from '../../contract/network.ts';
import { ClientError } from '../../server/client/client-error.ts';
import { withHost } from '../connect.ts';
import { formatTable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson, write } from '../output.ts';

/** `skerry port add` */
export function addPorts(name: string, ports: readonly string[]): Promise<number> {
  return withHost(async (host) => {
    for (const port of ports) {
      const added = await host.procedures.network.addPort({ name, port });
      if (added.problem !== undefined) throw new ClientError(added.problem);
      const at = addressOf(added);
      await print(`${at}\n`);
      if (added.state === 'waiting') {
        await write(
          process.stderr,
          `skerry: ${at} waits: it is published when "${name}" starts.\n`,
        );
      }
      if (added.warning !== undefined) await write(process.stderr, `skerry: ${added.warning}\n`);
    }
    return 0;
  });
}

/** `skerry port rm` */
export function removePorts(name: string, ports: readonly string[]): Promise<number> {
  return withHost(async (host) => {
    for (const port of ports) await host.procedures.network.removePort({ name, port });
    return 0;
  });
}

/** `skerry port ls` */
export function listPorts(name: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const { ports, link } = await host.procedures.network.inspect({ name });
    const listeners = link === 'none' ? [] : await host.procedures.network.listeners({ name });
    if (json === true) await printJson({ ports, listeners });
    else await print(portTables(ports, listeners));
    return 0;
  });
}

/** Where a published port is reached: `127.0.0.1:8080`. */
function addressOf({ bind, hostPort, protocol }: PublishedPort): string {
  return `${bracketed(bind)}:${String(hostPort)}${protocol === 'udp' ? '/udp' : ''}`;
}

/** What is published, then what listens in the guest. */
function portTables(ports: readonly PublishedPort[], listeners: readonly GuestPort[]): string {
  const published = [
    ['PUBLISHED', 'GUEST', 'STATE'],
    ...ports.map((port) => [
      addressOf(port),
      `${String(port.guestPort)}/${port.protocol}`,
      port.problem === undefined ? port.state : `${port.state}: ${port.problem.message}`,
    ]),
  ];
  const listening = [
    ['LISTENS', 'PROGRAM', 'REACHED'],
    ...listeners.map(({ protocol, port, command, reach, published: at }) => [
      `${String(port)}/${protocol}`,
      command ?? '-',
      reach === 'loopback' ? 'only in the sandbox' : (at ?? 'not published'),
    ]),
  ];
  const hasLoopback = listeners.some(({ reach }) => reach === 'loopback');
  const note = hasLoopback
    ? 'A program that listens on 127.0.0.1 of the sandbox cannot be reached through a published port: let it listen on 0.0.0.0.\n'
    : '';
  return `${formatTable(published)}${listeners.length === 0 ? '' : `\n${formatTable(listening)}${note}`}`;
}
