/** The networks of the in-memory host's sandboxes: traffic that is made up, decisions on it. */
import type { NetworkConfig } from '../../../main/contract/config/network.ts';
import { isBeyondLoopback, parsePortMapping } from '../../../main/contract/config/port-mapping.ts';
import type {
  Decision,
  GuestPort,
  NetworkEvent,
  NetworkStatus,
  PublishedPort,
  TemporaryRule,
} from '../../../main/contract/network.ts';
import type { EngineEvent } from '../../../main/contract/event.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { warnOfBind } from '../../words/network-words.ts';
import { fakeEvents } from './fake-events.ts';
import { fakeRules, fakeVerdict } from './fake-policy.ts';

/** Host port that something else always has. */
const busyPort = 3000;

const places = [
  { name: 'packages.example.org', address: '198.51.100.2', port: 443 },
  { name: 'code.example.org', address: '198.51.100.35', port: 443 },
  { address: '10.11.12.13', port: 80 },
  { name: 'telemetry.example.org', address: '203.0.113.9', port: 443 },
  { address: '169.254.169.254', port: 80 },
] as const;

/** What keeps the sandboxes themselves. */
export interface NetworkHost {
  put(sandbox: Sandbox): Sandbox;
  subscribe(listener: (event: EngineEvent) => void): () => void;
}

interface NetworkOfOne {
  temporary: TemporaryRule[];
  decisions: Decision[];
}

/** See the head of this file. */
export class FakeNetwork {
  readonly #host: NetworkHost;
  readonly #everyMs: number;
  readonly #networks = new Map<string, NetworkOfOne>();
  readonly #listeners = new Set<(name: string, event: NetworkEvent) => void>();
  #decisions = 0;

  /** @param everyMs between two made-up connections while a network is watched; 0 for none */
  constructor(host: NetworkHost, everyMs: number) {
    this.#host = host;
    this.#everyMs = everyMs;
  }

  status({ name, state, config }: Sandbox): NetworkStatus {
    const { temporary, decisions } = this.#of(name);
    const { network } = config;
    const isRunning = state === 'running';
    const times = decisions.reduce((sum, { count }) => sum + count, 0);
    return {
      link: isRunning ? 'up' : 'none',
      config: network,
      temporary,
      rules: fakeRules(network, temporary),
      ports: network.ports.flatMap((port) => this.#publish(port, isRunning) ?? []),
      traffic: {
        sentBytes: times * 4_200,
        receivedBytes: times * 181_000,
        tcpConnections: times,
        udpFlows: Math.ceil(times / 2),
      },
    };
  }

  log(name: string): readonly Decision[] {
    return this.#of(name).decisions;
  }

  change(sandbox: Sandbox, network: Partial<NetworkConfig>): NetworkStatus {
    const config = { ...sandbox.config, network: { ...sandbox.config.network, ...network } };
    return this.#tell(this.#host.put({ ...sandbox, config }));
  }

  /** Allows or denies a destination, or (without an action) forgets what was said of it. */
  decide(
    sandbox: Sandbox,
    destination: string,
    action?: Decision['verdict'],
    isTemporary = false,
  ): NetworkStatus {
    const one = this.#of(sandbox.name);
    const { allow, deny } = sandbox.config.network;
    const others = (list: readonly string[]) => list.filter((each) => each !== destination);
    one.temporary = one.temporary.filter((rule) => rule.destination !== destination);
    if (action !== undefined && isTemporary) one.temporary.unshift({ action, destination });
    const added = (list: 'allow' | 'deny') =>
      action === list && !isTemporary ? [destination] : [];
    return this.change(sandbox, {
      allow: [...others(allow), ...added('allow')],
      deny: [...others(deny), ...added('deny')],
    });
  }

  /** The holder of a host port that cannot be had, and one that can. */
  holderOf(text: string): { holder: string; freePort: number } | undefined {
    const hostPort = parsePortMapping(text)?.hostPort;
    return hostPort === busyPort
      ? { holder: 'node (pid 4711)', freePort: busyPort + 1 }
      : undefined;
  }

  listeners({ config }: Sandbox): GuestPort[] {
    const at = (port: number, command: string, reach: GuestPort['reach']): GuestPort => {
      const published = config.network.ports.find((text) => {
        return parsePortMapping(text)?.guestPort === port;
      });
      return {
        ...{ protocol: 'tcp', port, command, reach, suggestedHostPort: port + 8000 },
        address: reach === 'any' ? '0.0.0.0' : '127.0.0.1',
        ...(published === undefined ? {} : { published }),
      };
    };
    return [at(80, 'nginx', 'any'), at(5173, 'vite', 'loopback')];
  }

  /** The status and the log, then each change. */
  async *watch(name: string, find: () => Sandbox, signal?: AbortSignal) {
    const first: NetworkEvent[] = [
      { type: 'status', status: this.status(find()) },
      { type: 'decisions', decisions: [...this.log(name)] },
    ];
    const subscribe = (push: (event: NetworkEvent) => void) => {
      const listener = (changed: string, event: NetworkEvent) => {
        if (changed === name) push(event);
      };
      this.#listeners.add(listener);
      const unsubscribe = this.#host.subscribe((event) => {
        if (event.type === 'sandbox' && event.sandbox.name === name) this.#tell(event.sandbox);
      });
      const timer =
        this.#everyMs === 0
          ? undefined
          : setInterval(() => {
              this.connect(find());
            }, this.#everyMs);
      return () => {
        clearInterval(timer);
        unsubscribe();
        this.#listeners.delete(listener);
      };
    };
    yield* fakeEvents(first, subscribe, signal);
  }

  /** The sandbox connects somewhere, if it runs. */
  connect(sandbox: Sandbox): void {
    if (sandbox.state !== 'running') return;
    this.#decisions += 1;
    const place = places[(this.#decisions * 7) % places.length] ?? places[0];
    const one = this.#of(sandbox.name);
    const target = 'name' in place ? place.name : place.address;
    const verdict = fakeVerdict(sandbox.config.network, one.temporary, target);
    const now = Date.now();
    const same = one.decisions.find(
      ({ address, rule }) => address === place.address && rule === verdict.rule,
    );
    const decision: Decision =
      same === undefined
        ? {
            ...{ id: this.#decisions, firstAtMs: now, atMs: now, count: 1, ...verdict, ...place },
            ...{ direction: 'egress', protocol: 'tcp' },
          }
        : { ...same, atMs: now, count: same.count + 1 };
    one.decisions = [...one.decisions.filter(({ id }) => id !== decision.id), decision];
    this.#emit(sandbox.name, { type: 'decisions', decisions: [decision] });
    this.#tell(sandbox);
  }

  #publish(text: string, isRunning: boolean): PublishedPort | undefined {
    const mapping = parsePortMapping(text);
    if (mapping === undefined) return undefined;
    const warning = warnOfBind(mapping.bind, isBeyondLoopback(mapping));
    return {
      ...{ port: text, ...mapping, state: isRunning ? 'listening' : 'waiting' },
      ...(warning === undefined ? {} : { warning }),
    };
  }

  #of(name: string): NetworkOfOne {
    const known = this.#networks.get(name) ?? { temporary: [], decisions: [] };
    this.#networks.set(name, known);
    return known;
  }

  #tell(sandbox: Sandbox): NetworkStatus {
    const status = this.status(sandbox);
    this.#emit(sandbox.name, { type: 'status', status });
    return status;
  }

  #emit(name: string, event: NetworkEvent): void {
    for (const listener of this.#listeners) listener(name, event);
  }
}
