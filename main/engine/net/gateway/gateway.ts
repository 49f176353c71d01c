/** The gateway of one sandbox: its link, its policy, and everything that crosses them. */
import { randomBytes } from 'node:crypto';
import { parsePortMapping, type PortMapping } from '../../../contract/config/port-mapping.ts';
import type { NetworkConfig } from '../../../contract/config/network.ts';
import type { NetworkAnswer, NetworkQuestion, TemporaryRule } from '../../../contract/network.ts';
import { DnsPins } from '../policy/dns-pins.ts';
import type { Knowledge } from '../policy/decide.ts';
import { compilePolicy, type Policy } from '../policy/policy.ts';
import { addressText } from '../stack/address-text.ts';
import { GuestStack, type GuestDatagram } from '../stack/guest-stack.ts';
import { isGatewayAddress } from '../stack/link-addresses.ts';
import { maxTcpFlows, type TcpFlow, type TcpHandler } from '../stack/tcp-flows.ts';
import { answerQuestion } from './answer-question.ts';
import { DecisionReporter, type CountedDecision, type NewDecision } from './decision-reporter.ts';
import { DnsService } from './dns-service.ts';
import { answerDnsStream } from './dns-stream.ts';
import { EchoRelay } from './echo-relay.ts';
import { LinkKeeper } from './link-keeper.ts';
import { OutgoingTcp, type OutgoingSurroundings } from './outgoing-tcp.ts';
import { isHostAddress } from './own-addresses.ts';
import { PublishedPorts } from './published-ports.ts';
import { RateLimit } from './rate-limit.ts';
import { forwardQuery, systemNameServers, type NameServer } from './resolvers.ts';
import { maxUdpFlows, UdpRelay } from './udp-relay.ts';

/** What a gateway does now. */
export interface GatewaySettings {
  readonly config: NetworkConfig;
  readonly temporary: readonly TemporaryRule[];
}

/** What a gateway tells. */
export interface GatewayEvents {
  readonly onDecisions: (decisions: CountedDecision[]) => void;
  /** The link is there, or is not any more. */
  readonly onLink: (isUp: boolean) => void;
}

/** What it counted. */
export interface Traffic {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly tcpConnections: number;
  readonly udpFlows: number;
}

const dnsPort = 53;
const tickMs = 1000;

/** See the head of this file. */
export class Gateway {
  readonly ports: PublishedPorts;
  readonly #stack: GuestStack;
  readonly #pins = new DnsPins();
  readonly #reporter: DecisionReporter;
  readonly #dns: DnsService;
  readonly #udp: UdpRelay;
  readonly #echo: EchoRelay;
  readonly #outgoing = new Set<OutgoingTcp>();
  readonly #knowledge: Knowledge;
  readonly #keeper: LinkKeeper;
  #policy: Policy;
  #upload: RateLimit;
  #download: RateLimit;
  #sentBytes = 0;
  #receivedBytes = 0;
  #isFlushing = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;
  #tickTimer: NodeJS.Timeout | undefined;
  #uploadTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    options: {
      readonly socketPath: string;
      readonly settings: GatewaySettings;
      readonly nameServers?: () => readonly NameServer[];
    },
    events: GatewayEvents,
  ) {
    const nameServers = options.nameServers ?? systemNameServers;
    this.#policy = compilePolicy(options.settings.config, options.settings.temporary);
    this.#upload = new RateLimit(options.settings.config.bandwidth.upload, Date.now());
    this.#download = new RateLimit(options.settings.config.bandwidth.download, Date.now());
    this.#reporter = new DecisionReporter(events.onDecisions);
    this.#knowledge = {
      namesOf: (address) => this.#pins.namesOf(address, Date.now()),
      isHost: isHostAddress,
    };
    const around = {
      policy: () => this.#policy,
      knowledge: this.#knowledge,
      stack: () => this.#stack,
      isBusy: () => this.#isBusy(),
      onDecision: (decision: NewDecision) => {
        // What was on its way as the gateway was closed is of no interest.
        if (!this.#isClosed) this.#reporter.add(decision);
      },
      onFull: (address: string, port: number) => {
        this.#tellFull('udp', address, port);
      },
      onGone: (connection: OutgoingTcp) => this.#outgoing.delete(connection),
      flush: () => {
        this.#flushSoon();
      },
      pins: this.#pins,
      forward: (query: Uint8Array) => forwardQuery(query, nameServers()),
    };
    this.#dns = new DnsService(around);
    this.#udp = new UdpRelay(around);
    this.#echo = new EchoRelay(around);
    this.ports = new PublishedPorts({
      ...around,
      onPeer: () => {
        this.#tickSoon();
      },
    });
    this.#keeper = new LinkKeeper(options.socketPath, {
      onFrame: (frame) => {
        this.#sentBytes += frame.length;
        this.#upload.use(frame.length);
        this.#stack.receive(frame, Date.now());
      },
      onBatch: () => {
        this.#flush();
        this.#holdUpload();
      },
      onDrain: () => {
        this.#flushSoon();
      },
      onLink: events.onLink,
    });
    this.#stack = new GuestStack({
      sendFrame: (head, payload) => {
        this.#send(head, payload);
      },
      isBusy: () => this.#isBusy(),
      randomSequence: () => randomBytes(4).readUInt32BE(),
      wake: () => {
        this.#flushSoon();
      },
      onTcpOpen: (flow) => this.#openTcp(flow, around),
      onTcpFull: (address, port) => {
        this.#tellFull('tcp', addressText(address), port);
      },
      onDatagram: (datagram) => {
        this.#takeDatagram(datagram);
      },
      onEcho: (guest, address, echo, packet) => {
        this.#echo.ask(guest, address, echo, packet);
      },
      onMisbehavior: (what, address) => {
        this.#reporter.add({
          ...{ direction: 'egress', protocol: 'tcp', verdict: 'deny', source: 'built-in' },
          rule: `no frames with a ${what}`,
          reason: 'A packet of the sandbox said that it came from elsewhere, or how it has to go.',
          ...(address === undefined ? {} : { address: addressText(address) }),
        });
      },
    });
  }

  /** Takes the link up; it is taken up again whenever it is lost. @throws where nobody listens */
  async open(): Promise<void> {
    await this.#keeper.open();
  }

  /** Another policy: what it does not allow ends at once. */
  configure({ config, temporary }: GatewaySettings): void {
    this.#policy = compilePolicy(config, temporary);
    this.#upload = new RateLimit(config.bandwidth.upload, Date.now());
    this.#download = new RateLimit(config.bandwidth.download, Date.now());
    for (const connection of this.#outgoing) connection.reconsider();
    this.ports.reconsider();
    this.#udp.reconsider();
    this.#keeper.link?.resume();
    this.#flushSoon();
  }

  /** What would happen to a destination. */
  ask(question: NetworkQuestion): Promise<NetworkAnswer> {
    return answerQuestion(this.#policy, this.#knowledge, question);
  }

  traffic(): Traffic {
    return {
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
      tcpConnections: this.#stack.tcp.size,
      udpFlows: this.#udp.size,
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#tickTimer);
    clearTimeout(this.#uploadTimer);
    this.#reporter.flush();
    for (const connection of this.#outgoing) connection.abort();
    this.#udp.close();
    await this.ports.close();
    this.#keeper.close();
  }

  #openTcp(flow: TcpFlow, around: OutgoingSurroundings): TcpHandler | undefined {
    if (flow.port === dnsPort) return answerDnsStream(flow, this.#dns);
    const connection = OutgoingTcp.open(flow, around);
    if (connection !== undefined) this.#outgoing.add(connection);
    return connection;
  }

  #takeDatagram(datagram: GuestDatagram): void {
    if (datagram.port === dnsPort) {
      const { payload, guestPort, port } = datagram;
      const [guest, address] = [datagram.guest.slice(), datagram.address.slice()];
      this.#dns.answer(payload.slice()).then(
        (answer) => {
          if (answer === undefined) return;
          this.#stack.sendDatagram({ address, port }, { guest, guestPort }, answer);
          this.#flushSoon();
        },
        // Nothing of it is to be said: the guest asks again.
        () => undefined,
      );
      return;
    }
    if (isGatewayAddress(datagram.address) && this.ports.takeDatagram(datagram)) return;
    this.#tickSoon();
    this.#udp.send(datagram);
  }

  /** What has no end of its own is ended by its age. While there is nothing such, nothing ticks. */
  #tickSoon(): void {
    if (this.#isClosed) return;
    this.#tickTimer ??= setInterval(() => {
      this.#udp.tick(Date.now());
      this.ports.tick(Date.now());
      if (this.#udp.size > 0 || this.ports.peerCount > 0) return;
      clearInterval(this.#tickTimer);
      this.#tickTimer = undefined;
    }, tickMs);
  }

  #send(head: Uint8Array, payload: readonly Uint8Array[]): void {
    const byteCount = payload.reduce((sum, piece) => sum + piece.length, head.length);
    this.#receivedBytes += byteCount;
    this.#download.use(byteCount);
    this.#keeper.link?.send(head, payload);
  }

  #isBusy(): boolean {
    return this.#keeper.link?.isBusy === true || this.#download.waitMs(Date.now()) > 0;
  }

  /** A guest that sends faster than it may is not read from: its own queue fills up. */
  #holdUpload(): void {
    const waitMs = this.#upload.waitMs(Date.now());
    if (waitMs === 0) return;
    const link = this.#keeper.link;
    link?.pause();
    clearTimeout(this.#uploadTimer);
    this.#uploadTimer = setTimeout(() => {
      link?.resume();
    }, waitMs);
  }

  /** After what happens now; a turn of the event loop later would add to every round trip. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const nowMs = Date.now();
    this.#stack.tcp.flush(nowMs);
    this.#keeper.link?.flush();
    const waitMs = this.#download.waitMs(nowMs);
    const deadlineMs = waitMs > 0 ? nowMs + waitMs : Infinity;
    this.#arm(Math.min(this.#stack.tcp.deadlineMs, deadlineMs));
  }

  /** One timer for the earliest of all connections. */
  #arm(deadlineMs: number): void {
    if (deadlineMs >= this.#timerAtMs || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = deadlineMs;
    const delayMs = Math.min(Math.max(1, deadlineMs - Date.now()), 60_000);
    this.#timer = setTimeout(() => {
      this.#timerAtMs = Infinity;
      this.#stack.tcp.tick(Date.now());
      this.#flush();
    }, delayMs);
  }

  #tellFull(protocol: 'tcp' | 'udp', address: string, port: number): void {
    const rule =
      protocol === 'tcp'
        ? `at most ${String(maxTcpFlows)} connections`
        : `at most ${String(maxUdpFlows)} UDP flows`;
    const reason = 'There are as many as a sandbox may have at a time.';
    const base = { direction: 'egress', verdict: 'deny', source: 'built-in' } as const;
    this.#reporter.add({ ...base, protocol, address, port, rule, reason });
  }
}

/** The configured ports that can be read, which a checked configuration's all can. */
export function portsOf(config: NetworkConfig): PortMapping[] {
  return config.ports.flatMap((text) => parsePortMapping(text) ?? []);
}
