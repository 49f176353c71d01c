/** The network of one sandbox: its gateway while it runs, its ports, its log, what was decided for now. */
import type { NetworkConfig } from '../../contract/config/network.ts';
import {
  formatPortMapping,
  isBeyondLoopback,
  listenerOf,
  type PortMapping,
} from '../../contract/config/port-mapping.ts';
import { formatDestination, parseDestination } from '../../contract/config/destination.ts';
import type {
  Decision,
  NetworkAnswer,
  NetworkEvent,
  NetworkQuestion,
  NetworkStatus,
  PublishedPort,
  TemporaryRule,
} from '../../contract/network.ts';
import { AppError, toErrorData } from '../base/app-error.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { GatewayHandle, Gateways } from '../net/gateway/gateways.ts';
import { portsOf, type Traffic } from '../net/gateway/gateway.ts';
import { isHostAddress } from '../net/gateway/own-addresses.ts';
import { answerQuestion } from '../net/gateway/answer-question.ts';
import { compilePolicy, describePolicy } from '../net/policy/policy.ts';
import { noKnowledge } from '../net/policy/decide.ts';
import type { Vm } from '../vm/driver.ts';
import { DecisionLog } from './decision-log.ts';
import { portError } from './port-error.ts';

/** What a network needs of its sandbox. */
export interface NetworkSurroundings {
  readonly id: string;
  readonly name: () => string;
  readonly config: () => NetworkConfig;
  readonly logFile: string;
  readonly gateways: Gateways;
  readonly logger: Logger;
  /** The link came or went. */
  readonly onChange: () => void;
  readonly saveTemporary: (rules: TemporaryRule[]) => Promise<void>;
}

const noTraffic: Traffic = { sentBytes: 0, receivedBytes: 0, tcpConnections: 0, udpFlows: 0 };
const trafficEveryMs = 2000;
const maxTemporaryRules = 256;

/** See the head of this file. */
export class SandboxNetwork {
  link: 'up' | 'down' | 'none' = 'none';
  readonly #around: NetworkSurroundings;
  readonly #log: DecisionLog;
  readonly #events = new Emitter<NetworkEvent>();
  #listeners = 0;
  #trafficTimer: NodeJS.Timeout | undefined;
  #gateway: GatewayHandle | undefined;
  #temporary: TemporaryRule[] = [];
  #traffic = noTraffic;
  /** By what is listened on: undefined where it listens, or why it does not. */
  readonly #ports = new Map<string, AppError | undefined>();

  constructor(around: NetworkSurroundings) {
    this.#around = around;
    this.#log = new DecisionLog(around.logFile);
  }

  /** Reads the log of an earlier host process. */
  load(): Promise<void> {
    return this.#log.load();
  }

  /** Opens the gateway of a machine that boots, with every port. @throws AppError `network/…` */
  async open(vm: Vm): Promise<void> {
    if (!(await this.#openGateway(vm))) return;
    for (const port of portsOf(this.#around.config())) await this.#listen(port);
  }

  /** Takes up a machine of an earlier host process; what cannot be had is said and kept. */
  async takeUp(vm: Vm, temporary: readonly TemporaryRule[]): Promise<void> {
    this.#temporary = [...temporary];
    try {
      if (!(await this.#openGateway(vm))) return;
      await this.#listenAll();
    } catch (error) {
      this.link = 'down';
      this.#around.logger.warn('The network of a running sandbox could not be taken up.', {
        id: this.#around.id,
        error: String(error),
      });
    }
  }

  /** Ends the gateway with the machine. */
  async close(): Promise<void> {
    this.#temporary = [];
    this.#ports.clear();
    this.#traffic = noTraffic;
    this.link = 'none';
    const gateway = this.#gateway;
    this.#gateway = undefined;
    await gateway?.close();
    this.#tellStatus();
  }

  /** The sandbox goes on; the next host process takes its network up. */
  async release(): Promise<void> {
    clearInterval(this.#trafficTimer);
    await this.#log.save().catch(() => undefined);
    const gateway = this.#gateway;
    this.#gateway = undefined;
    await gateway?.close();
  }

  /** The sandbox is removed. */
  forget(): void {
    clearInterval(this.#trafficTimer);
    this.#log.forget();
  }

  /** Listens on what is new in a configuration; the function it returns takes that back. */
  async prepare(config: NetworkConfig): Promise<() => Promise<void>> {
    const added: PortMapping[] = [];
    const undo = async (): Promise<void> => {
      for (const port of added) await this.#unlisten(port);
    };
    if (this.#gateway === undefined) return undo;
    const now = new Map(portsOf(this.#around.config()).map((port) => [listenerOf(port), port]));
    const wanted = portsOf(config);
    // One that leads elsewhere in the guest is listened on anew.
    for (const port of wanted) {
      const before = now.get(listenerOf(port));
      if (before !== undefined && before.guestPort !== port.guestPort) await this.#unlisten(before);
    }
    for (const port of wanted) {
      if (this.#ports.has(listenerOf(port)) && this.#ports.get(listenerOf(port)) === undefined) {
        continue;
      }
      try {
        await this.#listen(port);
        added.push(port);
      } catch (error) {
        await undo();
        throw error;
      }
    }
    return undo;
  }

  /** Does what the configuration says now. */
  async apply(): Promise<void> {
    const config = this.#around.config();
    const wanted = new Set(portsOf(config).map(listenerOf));
    for (const key of this.#ports.keys()) {
      if (wanted.has(key)) continue;
      this.#ports.delete(key);
      const [, bind = '', port = '', protocol] = /^\[?(.*?)\]?:(\d+)\/(tcp|udp)$/.exec(key) ?? [];
      const mapping = { bind, hostPort: Number(port), guestPort: 1 } as const;
      await this.#gateway?.removePort({ ...mapping, protocol: protocol === 'udp' ? 'udp' : 'tcp' });
    }
    await this.#gateway?.configure({ config, temporary: this.#temporary });
    this.#tellStatus();
  }

  /** Allows or denies until the sandbox stops. @throws AppError `sandbox/not-running` */
  async decideForNow(action: 'allow' | 'deny', destination: string): Promise<void> {
    if (this.#gateway === undefined) {
      throw new AppError('sandbox/not-running', `"${this.#around.name()}" does not run.`, {
        hint: 'Start it first, or decide for good.',
      });
    }
    const text = canonicalDestination(destination);
    const others = this.#temporary.filter((rule) => rule.destination !== text);
    await this.#setTemporary([{ action, destination: text }, ...others]);
  }

  /** Takes back what was decided for now; whether there was anything. */
  async forgetForNow(destination: string): Promise<boolean> {
    const text = canonicalDestination(destination);
    const rest = this.#temporary.filter((rule) => rule.destination !== text);
    if (rest.length === this.#temporary.length) return false;
    await this.#setTemporary(rest);
    return true;
  }

  log(): Decision[] {
    return this.#log.list();
  }

  status(): NetworkStatus {
    const config = this.#around.config();
    return {
      link: this.link,
      config,
      temporary: [...this.#temporary],
      rules: describePolicy(compilePolicy(config, this.#temporary)),
      ports: portsOf(config).map((port) => this.describePort(port)),
      traffic: this.#traffic,
    };
  }

  /** Asks the gateway for its traffic, then everything. */
  async freshStatus(): Promise<NetworkStatus> {
    this.#traffic = (await this.#gateway?.traffic().catch(() => undefined)) ?? noTraffic;
    return this.status();
  }

  describePort(port: PortMapping): PublishedPort {
    const key = listenerOf(port);
    const problem = this.#ports.get(key);
    const isKnown = this.#ports.has(key);
    const warning = isBeyondLoopback(port)
      ? 'Other machines can reach this port: it is not bound to the loopback of this machine.'
      : undefined;
    return {
      port: formatPortMapping(port),
      ...port,
      state: !isKnown ? 'waiting' : problem === undefined ? 'listening' : 'failed',
      ...(problem === undefined ? {} : { problem: toErrorData(problem) }),
      ...(warning === undefined ? {} : { warning }),
    };
  }

  ask(question: NetworkQuestion): Promise<NetworkAnswer> {
    if (this.#gateway !== undefined) return this.#gateway.ask(question);
    return askConfig(this.#around.config(), question);
  }

  subscribe(listener: (event: NetworkEvent) => void): () => void {
    listener({ type: 'status', status: this.status() });
    listener({ type: 'decisions', decisions: this.log() });
    const unsubscribe = this.#events.on(listener);
    this.#listeners += 1;
    // Counters are asked for only while somebody looks.
    this.#trafficTimer ??= setInterval(() => {
      void this.#refreshTraffic();
    }, trafficEveryMs).unref();
    void this.#refreshTraffic();
    return () => {
      unsubscribe();
      this.#listeners -= 1;
      if (this.#listeners > 0) return;
      clearInterval(this.#trafficTimer);
      this.#trafficTimer = undefined;
    };
  }

  async #refreshTraffic(): Promise<void> {
    const before = JSON.stringify(this.#traffic);
    await this.freshStatus();
    if (JSON.stringify(this.#traffic) !== before) this.#tellStatus();
  }

  async #openGateway(vm: Vm): Promise<boolean> {
    if (vm.networkSocket === undefined) return false;
    const settings = { config: this.#around.config(), temporary: this.#temporary };
    try {
      this.#gateway = await this.#around.gateways.open(
        this.#around.id,
        vm.networkSocket,
        settings,
        {
          onDecisions: (decisions) => {
            this.#events.emit({ type: 'decisions', decisions: this.#log.add(decisions) });
          },
          onLink: (isUp) => {
            this.#setLink(isUp ? 'up' : 'down');
          },
          onRestarted: () => {
            void this.#listenAll();
          },
        },
      );
    } catch (cause) {
      const message = `The gateway of "${this.#around.name()}" could not be started.`;
      throw new AppError('network/gateway-failed', message, { cause });
    }
    this.#setLink('up');
    return true;
  }

  /** Every port of the configuration; one that fails says why. */
  async #listenAll(): Promise<void> {
    for (const port of portsOf(this.#around.config())) {
      await this.#listen(port).catch((error: unknown) => {
        const failed =
          error instanceof AppError ? error : new AppError('internal/unexpected', String(error));
        this.#ports.set(listenerOf(port), failed);
      });
    }
    this.#tellStatus();
  }

  async #listen(port: PortMapping): Promise<void> {
    try {
      await this.#gateway?.addPort(port);
    } catch (error) {
      throw await portError(port, error);
    }
    this.#ports.set(listenerOf(port), undefined);
  }

  async #unlisten(port: PortMapping): Promise<void> {
    this.#ports.delete(listenerOf(port));
    await this.#gateway?.removePort(port);
  }

  async #setTemporary(rules: TemporaryRule[]): Promise<void> {
    this.#temporary = rules.slice(0, maxTemporaryRules);
    await this.apply();
    await this.#around.saveTemporary(this.#temporary);
  }

  #setLink(link: 'up' | 'down'): void {
    if (this.#gateway === undefined && link === 'down') return;
    if (this.link === link) return;
    this.link = link;
    this.#around.onChange();
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#events.emit({ type: 'status', status: this.status() });
  }
}

/** What a configuration says to a destination, without a sandbox that asked for any name. */
export function askConfig(
  config: NetworkConfig,
  question: NetworkQuestion,
): Promise<NetworkAnswer> {
  const knowledge = { ...noKnowledge, isHost: isHostAddress };
  return answerQuestion(compilePolicy(config), knowledge, question);
}

/** As it is compared and shown; what cannot be read stays as it is. */
export function canonicalDestination(text: string): string {
  const reading = parseDestination(text);
  if (!reading.ok) return text;
  const { destination, port } = reading;
  const plain = formatDestination(destination);
  if (port === undefined) return plain;
  return `${plain.includes(':') ? `[${plain}]` : plain}:${String(port)}`;
}
