/** The networks of sandboxes in memory: configurations are real ones, and nothing crosses anything. */
import { networkSchema, type NetworkConfig } from '../../contract/config/network.ts';
import {
  formatPortMapping,
  isBeyondLoopback,
  parsePortMapping,
} from '../../contract/config/port-mapping.ts';
import type {
  Decision,
  GuestPort,
  NetworkEvent,
  NetworkStatus,
  PublishedPort,
  TemporaryRule,
} from '../../contract/network.ts';
import { AppError } from '../base/app-error.ts';
import { Emitter } from '../base/emitter.ts';
import type { Engine } from '../engine.ts';
import { compilePolicy, describePolicy } from '../net/policy/policy.ts';
import { askConfig } from '../sandbox/ask-config.ts';

/** What the fake network needs of its engine. */
export interface FakeNetworkSource {
  /** @throws AppError `sandbox/not-found` */
  readonly get: (name: string) => NetworkConfig;
  readonly put: (name: string, network: NetworkConfig) => void;
  readonly isRunning: (name: string) => boolean;
}

/** See the head of this file. */
export class FakeNetwork {
  readonly #source: FakeNetworkSource;
  readonly #events = new Emitter<{ readonly name: string; readonly event: NetworkEvent }>();
  readonly #temporary = new Map<string, TemporaryRule[]>();
  readonly #log: Decision[] = [];
  /** What the guests listen on. */
  guestPorts: GuestPort[] = [];
  /** How many subscriptions are open. */
  subscriptions = 0;

  constructor(source: FakeNetworkSource) {
    this.#source = source;
  }

  /** Adds a decision to the log of every sandbox, or changes the one of its id. */
  decided(decision: Decision, name: string): void {
    const at = this.#log.findIndex(({ id }) => id === decision.id);
    if (at >= 0) this.#log.splice(at, 1);
    this.#log.push(decision);
    this.#events.emit({ name, event: { type: 'decisions', decisions: [decision] } });
  }

  readonly engine: Engine['network'] = {
    inspect: (name) => Promise.resolve().then(() => this.#status(name)),
    subscribe: (name, listener) => {
      listener({ type: 'status', status: this.#status(name) });
      listener({ type: 'decisions', decisions: [...this.#log] });
      this.subscriptions += 1;
      const off = this.#events.on((each) => {
        if (each.name === name) listener(each.event);
      });
      return () => {
        this.subscriptions -= 1;
        off();
      };
    },
    log: (name) => {
      this.#source.get(name);
      return [...this.#log];
    },
    set: (name, changes) => this.#change(name, changes),
    decide: (name, { action, destination, isTemporary }) => {
      if (isTemporary) {
        const others = this.#temporary.get(name) ?? [];
        this.#temporary.set(name, [{ action, destination }, ...others]);
        return this.#change(name, {});
      }
      const list = this.#source.get(name)[action];
      return this.#change(name, { [action]: [...list, destination] });
    },
    forget: (name, destination) => {
      const { allow, deny } = this.#source.get(name);
      const isOther = (text: string): boolean => text !== destination;
      return this.#change(name, { allow: allow.filter(isOther), deny: deny.filter(isOther) });
    },
    addPort: async (name, text) => {
      const { ports } = this.#source.get(name);
      const status = await this.#change(name, { ports: [...ports, text] });
      const added = status.ports.at(-1);
      if (added === undefined) throw new Error('The port is not there.');
      return added;
    },
    removePort: async (name, text) => {
      const { ports } = this.#source.get(name);
      if (!ports.includes(text)) {
        throw new AppError('network/not-published', `${text} is not published by "${name}".`);
      }
      await this.#change(name, { ports: ports.filter((each) => each !== text) });
    },
    listeners: (name) => {
      this.#source.get(name);
      return Promise.resolve(this.guestPorts);
    },
    test: (name, question) => askConfig(this.#source.get(name), question),
    testConfig: (network, question) => askConfig(network, question),
  };

  #change(name: string, changes: Partial<NetworkConfig>): Promise<NetworkStatus> {
    return Promise.resolve().then(() => {
      const network = networkSchema.parse({ ...this.#source.get(name), ...changes });
      this.#source.put(name, network);
      const status = this.#status(name);
      this.#events.emit({ name, event: { type: 'status', status } });
      return status;
    });
  }

  #status(name: string): NetworkStatus {
    const config = this.#source.get(name);
    const temporary = this.#temporary.get(name) ?? [];
    const isRunning = this.#source.isRunning(name);
    return {
      link: isRunning ? 'up' : 'none',
      config,
      temporary,
      rules: describePolicy(compilePolicy(config, temporary)),
      ports: config.ports.map((port) => describePort(port, isRunning)),
      traffic: { sentBytes: 1024, receivedBytes: 2048, tcpConnections: 1, udpFlows: 0 },
    };
  }
}

function describePort(text: string, isRunning: boolean): PublishedPort {
  const port = parsePortMapping(text);
  if (port === undefined) throw new Error(`${text} is no port.`);
  const warning = isBeyondLoopback(port) ? { warning: 'Other machines can reach this port.' } : {};
  const state = isRunning ? 'listening' : 'waiting';
  return { port: formatPortMapping(port), ...port, state, ...warning };
}
