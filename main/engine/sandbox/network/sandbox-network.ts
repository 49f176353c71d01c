/** The network of one sandbox: its gateway while it runs, and what is known of it at any time. */
import type { NetworkConfig } from '../../../contract/config/network.ts';
import type { PortMapping } from '../../../contract/config/port-mapping.ts';
import type {
  Decision,
  NetworkAnswer,
  NetworkEvent,
  NetworkQuestion,
  NetworkStatus,
  PublishedPort,
  TemporaryRule,
} from '../../../contract/network.ts';
import { AppError } from '../../base/app-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { Gateways } from '../../net/gateway/gateways.ts';
import { portsOf, type GatewaySettings } from '../../net/gateway/gateway.ts';
import { compilePolicy, describePolicy } from '../../net/policy/policy.ts';
import type { Vm } from '../../vm/driver.ts';
import { askConfig } from '../ask-config.ts';
import { DecisionLog } from './decision-log.ts';
import { NetworkWatchers } from './network-watchers.ts';
import { SandboxGateway } from './sandbox-gateway.ts';
import { SandboxPorts } from './sandbox-ports.ts';
import { withoutRule, withRule } from './temporary-rules.ts';

/** What a network needs of its sandbox. */
export interface NetworkSurroundings {
  readonly id: string;
  readonly name: () => string;
  readonly config: () => NetworkConfig;
  readonly logFile: string;
  readonly gateways: Pick<Gateways, 'open'>;
  readonly logger: Logger;
  /** The link came or went. */
  readonly onChange: () => void;
  readonly saveTemporary: (rules: TemporaryRule[]) => Promise<void>;
}

/** See the head of this file. */
export class SandboxNetwork {
  link: 'up' | 'down' | 'none' = 'none';
  readonly #around: NetworkSurroundings;
  readonly #log: DecisionLog;
  readonly #ports = new SandboxPorts();
  readonly #watchers = new NetworkWatchers(() => {
    void this.#refreshTraffic();
  });
  readonly #gateway: SandboxGateway;
  readonly #wantedPorts = (): PortMapping[] => portsOf(this.#around.config());
  #temporary: readonly TemporaryRule[] = [];

  constructor(around: NetworkSurroundings) {
    this.#around = around;
    this.#log = new DecisionLog(around.logFile);
    this.#gateway = new SandboxGateway({
      ...around,
      settings: () => this.#settings(),
      onDecisions: (decisions) => {
        this.#watchers.tell({ type: 'decisions', decisions: this.#log.add(decisions) });
      },
      onLink: (isUp) => {
        this.#setLink(isUp ? 'up' : 'down');
      },
      onRestarted: () => {
        void this.#ports.listenAgain(this.#wantedPorts).then(() => {
          this.#tellStatus();
        });
      },
    });
  }

  /** Reads the log of an earlier host process. */
  load(): Promise<void> {
    return this.#log.load();
  }

  /** Opens the gateway of a machine that boots, with every port. @throws AppError `network/…` */
  async open(vm: Vm): Promise<void> {
    if (await this.#openGateway(vm)) await this.#ports.listen(this.#wantedPorts);
  }

  /** Takes up a machine of an earlier host process; what cannot be had is said and kept. */
  async takeUp(vm: Vm, temporary: readonly TemporaryRule[]): Promise<void> {
    this.#temporary = temporary;
    try {
      if (await this.#openGateway(vm)) await this.#ports.settle(this.#wantedPorts);
      this.#tellStatus();
    } catch (error) {
      this.#setLink('down');
      this.#around.logger.warn('The network of a running sandbox could not be taken up.', {
        id: this.#around.id,
        error: String(error),
      });
    }
  }

  /** Ends the gateway with the machine. */
  async close(): Promise<void> {
    this.#temporary = [];
    this.link = 'none';
    await this.#closeGateway();
    this.#tellStatus();
  }

  /** The sandbox goes on; the next host process takes its network up. */
  async release(): Promise<void> {
    this.#watchers.stop();
    await this.#closeGateway();
    await this.#log.save().catch(() => undefined);
  }

  /** The sandbox is removed. */
  forget(): void {
    this.#watchers.stop();
    this.#log.forget();
  }

  /** Listens on what is new in a configuration; the function it returns takes that back. */
  prepare(config: NetworkConfig): Promise<() => Promise<void>> {
    return this.#ports.prepare(portsOf(config));
  }

  /** Does what the configuration says now. */
  async apply(): Promise<void> {
    // First what it forbids.
    await this.#gateway.handle?.configure(this.#settings());
    await this.#ports.settle(this.#wantedPorts);
    this.#tellStatus();
  }

  /** Allows or denies until the sandbox stops. @throws AppError `sandbox/not-running` */
  async decideForNow(action: 'allow' | 'deny', destination: string): Promise<void> {
    if (this.#gateway.handle === undefined) {
      throw new AppError('sandbox/not-running', `"${this.#around.name()}" does not run.`, {
        hint: 'Start it first, or decide for good.',
      });
    }
    await this.#setTemporary(withRule(this.#temporary, { action, destination }));
  }

  /** Takes back what was decided for now; whether there was anything. */
  async forgetForNow(destination: string): Promise<boolean> {
    const rest = withoutRule(this.#temporary, destination);
    if (rest === this.#temporary) return false;
    await this.#setTemporary(rest);
    return true;
  }

  log(): Decision[] {
    return this.#log.list();
  }

  /** What was decided for now, the latest first. */
  temporary(): TemporaryRule[] {
    return [...this.#temporary];
  }

  /** With the traffic as it was asked for last. */
  status(): NetworkStatus {
    const config = this.#around.config();
    return {
      link: this.link,
      config,
      temporary: this.temporary(),
      rules: describePolicy(compilePolicy(config, this.#temporary)),
      ports: portsOf(config).map((port) => this.describePort(port)),
      traffic: this.#gateway.traffic,
    };
  }

  /** Asks the gateway for its traffic, then everything. */
  async freshStatus(): Promise<NetworkStatus> {
    await this.#gateway.countTraffic();
    return this.status();
  }

  /** Bytes since the machine began; undefined where it has no network. */
  async traffic(): Promise<NetworkStatus['traffic'] | undefined> {
    if (this.#gateway.handle === undefined) return undefined;
    await this.#gateway.countTraffic();
    return this.#gateway.traffic;
  }

  describePort(port: PortMapping): PublishedPort {
    return this.#ports.describe(port);
  }

  /** What would happen to a destination, with the names that the sandbox asked for if it runs. */
  ask(question: NetworkQuestion): Promise<NetworkAnswer> {
    const { handle } = this.#gateway;
    if (handle !== undefined) return handle.ask(question);
    return askConfig(this.#around.config(), question);
  }

  /** First the status, then the whole log, both at once; then every change. */
  subscribe(listener: (event: NetworkEvent) => void): () => void {
    listener({ type: 'status', status: this.status() });
    listener({ type: 'decisions', decisions: this.log() });
    return this.#watchers.add(listener);
  }

  #settings(): GatewaySettings {
    return { config: this.#around.config(), temporary: this.#temporary };
  }

  async #refreshTraffic(): Promise<void> {
    if (await this.#gateway.countTraffic()) this.#tellStatus();
  }

  /** Whether the machine has a network. */
  async #openGateway({ networkSocket }: Vm): Promise<boolean> {
    if (networkSocket === undefined) return false;
    this.#ports.attach(await this.#gateway.open(networkSocket));
    return true;
  }

  async #closeGateway(): Promise<void> {
    this.#ports.detach();
    await this.#gateway.close();
  }

  async #setTemporary(rules: readonly TemporaryRule[]): Promise<void> {
    this.#temporary = rules;
    await this.apply();
    await this.#around.saveTemporary(this.temporary());
  }

  #setLink(link: 'up' | 'down'): void {
    if (this.link === link) return;
    this.link = link;
    this.#around.onChange();
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#watchers.tell({ type: 'status', status: this.status() });
  }
}
