/** What clients may ask of the networks of sandboxes, by name. */
import type { NetworkConfig } from '../../../contract/config/network.ts';
import {
  formatPortMapping,
  isSamePort,
  listenerOf,
  parsePortMapping,
  type PortMapping,
} from '../../../contract/config/port-mapping.ts';
import type { GuestPort, NetworkStatus, PublishedPort } from '../../../contract/network.ts';
import { AppError, fromErrorData } from '../../base/app-error.ts';
import type { Engine } from '../../engine.ts';
import { portsOf } from '../../net/gateway/gateway.ts';
import { findFreePort } from '../../net/gateway/port-holder.ts';
import { addressText } from '../../net/stack/address-text.ts';
import { askConfig } from '../ask-config.ts';
import { canonicalDestination } from '../canonical-destination.ts';
import { portInUse } from './port-error.ts';
import type { Sandboxes } from '../sandboxes.ts';

/** Binds the calls to the sandboxes of an engine. */
export function networkCalls(sandboxes: Sandboxes): Engine['network'] {
  const change = async (
    name: string,
    alter: (network: NetworkConfig) => Partial<NetworkConfig>,
  ): Promise<NetworkStatus> => {
    await sandboxes.changeNetwork(name, (network) => ({ ...network, ...alter(network) }));
    return sandboxes.network(name).status();
  };
  return {
    inspect: async (name) => sandboxes.network(name).freshStatus(),
    subscribe: (name, listener) => sandboxes.network(name).subscribe(listener),
    log: (name) => sandboxes.network(name).log(),
    set: (name, changes) => change(name, () => changes),
    decide: async (name, { action, destination, isTemporary }) => {
      const network = sandboxes.network(name);
      if (isTemporary) {
        await network.decideForNow(action, destination);
        return network.status();
      }
      await network.forgetForNow(destination);
      const text = canonicalDestination(destination);
      return change(name, ({ allow, deny }) => {
        const others = { allow: without(allow, text), deny: without(deny, text) };
        return { ...others, [action]: [...others[action], text] };
      });
    },
    forget: async (name, destination) => {
      const text = canonicalDestination(destination);
      await sandboxes.network(name).forgetForNow(destination);
      return change(name, ({ allow, deny }) => ({
        allow: without(allow, text),
        deny: without(deny, text),
      }));
    },
    addPort: async (name, text): Promise<PublishedPort> => {
      const port = readPort(text);
      const holder = holderAmong(sandboxes, name, port);
      if (holder !== undefined) throw await portInUse(port, holder);
      await change(name, (network) => {
        if (portsOf(network).some((each) => isSamePort(each, port))) return {};
        return { ports: [...network.ports, formatPortMapping(port)] };
      });
      const published = sandboxes.network(name).describePort(port);
      // It was there before, and still cannot be listened on.
      if (published.problem !== undefined) throw fromErrorData(published.problem);
      return published;
    },
    removePort: async (name, text) => {
      const port = readPort(text);
      await change(name, ({ ports }) => {
        const rest = ports.filter((each) => !isSameListener(each, port));
        if (rest.length < ports.length) return { ports: rest };
        const message = `${listenerOf(port)} is not published by "${name}".`;
        throw new AppError('network/not-published', message);
      });
    },
    listeners: async (name) => {
      const found = await sandboxes.listeners(name);
      const published = portsOf(sandboxes.network(name).status().config);
      const ports: GuestPort[] = [];
      for (const { protocol, address, port, command } of found) {
        const text = addressText(address);
        const to = published.find((each) => each.guestPort === port && each.protocol === protocol);
        ports.push({
          protocol,
          address: text,
          port,
          ...(command === undefined ? {} : { command }),
          reach: /^(?:127\.|::1$|::ffff:7f)/.test(text) ? 'loopback' : 'any',
          ...(to === undefined ? {} : { published: formatPortMapping(to) }),
          suggestedHostPort: await findFreePort({ bind: '127.0.0.1', protocol }, port),
        });
      }
      return ports;
    },
    test: (name, question) => sandboxes.network(name).ask(question),
    testConfig: (network, question) => askConfig(network, question),
  };
}

function without(list: readonly string[], text: string): string[] {
  return list.filter((each) => canonicalDestination(each) !== text);
}

/** @throws AppError `config/invalid` */
function readPort(text: string): PortMapping {
  const port = parsePortMapping(text);
  if (port !== undefined) return port;
  throw new AppError('config/invalid', `"${text}" is no port: it is written HOST:GUEST.`);
}

/** Which sandbox has a port, if one does: this one for another port of its own, or one that runs. */
function holderAmong(sandboxes: Sandboxes, name: string, port: PortMapping): string | undefined {
  const own = portsOf(sandboxes.network(name).status().config);
  const earlier = own.find((each) => listenerOf(each) === listenerOf(port));
  if (earlier !== undefined) {
    if (isSamePort(earlier, port)) return undefined;
    return `this sandbox, where it leads to port ${String(earlier.guestPort)}`;
  }
  const other = sandboxes.list().find((each) => {
    if (each.name === name) return false;
    const { ports } = sandboxes.network(each.name).status();
    return ports.some((one) => one.state === 'listening' && listenerOf(one) === listenerOf(port));
  });
  return other && `the sandbox "${other.name}"`;
}

function isSameListener(text: string, port: PortMapping): boolean {
  const other = parsePortMapping(text);
  return other !== undefined && listenerOf(other) === listenerOf(port);
}
