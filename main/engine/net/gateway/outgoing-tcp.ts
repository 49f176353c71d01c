/** A connection of the guest to somewhere: decided on, dialled by the host, and watched while it is there. */
import { connect, type Socket } from 'node:net';
import type { Verdict } from '../../../contract/network.ts';
import { decide, decideAtSyn, type Flow, type Knowledge } from '../policy/decide.ts';
import type { Policy } from '../policy/policy.ts';
import { addressText } from '../stack/address-text.ts';
import type { TcpFlow, TcpHandler } from '../stack/tcp-flows.ts';
import type { NewDecision } from './decision-reporter.ts';
import { closeSocket, keepAliveMs, Pump, readInto } from './host-socket.ts';
import { forbiddenResponse, inspectFirstBytes, maxInspectedBytes } from './inspection.ts';
import { dialAddresses } from './own-addresses.ts';

/** What a connection needs of the gateway. */
export interface OutgoingSurroundings {
  readonly policy: () => Policy;
  readonly knowledge: Knowledge;
  readonly onDecision: (decision: NewDecision) => void;
  readonly onGone: (connection: OutgoingTcp) => void;
}

/** Where a plain HTTP request is worth an answer in words. */
const httpPorts: ReadonlySet<number> = new Set([80, 8000, 8080]);
/** A client that is refused and says nothing. */
const refusedTimeoutMs = 3000;
const dialTimeoutMs = 30_000;

/** See the head of this file. */
export class OutgoingTcp implements TcpHandler {
  readonly #flow: TcpFlow;
  readonly #around: OutgoingSurroundings;
  readonly #address: string;
  #socket: Socket | undefined;
  #pump: Pump | undefined;
  /** What the client said while it was not clear to whom. */
  #held: Uint8Array[] | undefined;
  #heldBytes = 0;
  #serverName: string | null = null;
  /** Set where the connection was refused and only its request is waited for. */
  #refusal: Verdict | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;
  #isGone = false;

  private constructor(flow: TcpFlow, around: OutgoingSurroundings) {
    this.#flow = flow;
    this.#around = around;
    this.#address = addressText(flow.address);
  }

  /** Decides on a SYN; undefined where it is to be reset. */
  static open(flow: TcpFlow, around: OutgoingSurroundings): OutgoingTcp | undefined {
    const connection = new OutgoingTcp(flow, around);
    const verdict = decideAtSyn(around.policy(), connection.#describe(null), around.knowledge);
    if (verdict === 'inspect') {
      connection.#held = [];
      connection.#dial();
      return connection;
    }
    connection.#tell(verdict);
    if (verdict.verdict === 'allow') {
      connection.#dial();
      return connection;
    }
    if (!httpPorts.has(flow.port)) return undefined;
    connection.#awaitRequest(verdict);
    return connection;
  }

  /** Ends the connection where the policy does not allow it any more. */
  reconsider(): void {
    if (this.#refusal !== undefined || this.#isGone) return;
    const { policy, knowledge } = this.#around;
    const flow = this.#describe(this.#serverName);
    // Where the server is not known yet, its name may still be one that is allowed.
    const ask = this.#held === undefined ? decide : decideAtSyn;
    const verdict = ask(policy(), flow, knowledge);
    if (verdict === 'inspect' || verdict.verdict === 'allow') return;
    this.#tell(verdict);
    this.#flow.abort();
  }

  /** Ends it at once. */
  abort(): void {
    this.#flow.abort();
  }

  onEstablished(): void {
    // The host's side was there before.
  }

  onData(bytes: Uint8Array): void {
    if (this.#held === undefined) {
      this.#pump?.toHost(bytes);
      return;
    }
    this.#held.push(Uint8Array.from(bytes));
    this.#heldBytes += bytes.length;
    this.#inspect();
  }

  onEnd(): void {
    this.#isEnded = true;
    if (this.#held === undefined) {
      // A refusal in words is on its way, and ends the connection.
      if (this.#refusal === undefined) this.#socket?.end();
    } else if (this.#refusal === undefined) {
      this.#conclude(null, false);
    } else {
      this.#flow.abort();
    }
  }

  onTaken(): void {
    this.#pump?.onTaken();
  }

  onClosed(reason: Parameters<TcpHandler['onClosed']>[0]): void {
    this.#isGone = true;
    clearTimeout(this.#timer);
    if (this.#socket !== undefined) closeSocket(this.#socket, reason === 'finished');
    this.#around.onGone(this);
  }

  #describe(serverName: string | null): Flow {
    const { port } = this.#flow;
    return { direction: 'egress', protocol: 'tcp', address: this.#address, port, serverName };
  }

  #tell(verdict: Verdict): void {
    const { port } = this.#flow;
    const name = this.#serverName ?? this.#around.knowledge.namesOf(this.#address)[0];
    this.#around.onDecision({
      ...verdict,
      direction: 'egress',
      protocol: 'tcp',
      address: this.#address,
      port,
      ...(name === undefined ? {} : { name }),
    });
  }

  #dial(): void {
    const [first, ...others] = dialAddresses(this.#address);
    this.#dialOne(first, others);
  }

  #dialOne(host: string, others: readonly string[]): void {
    const onread = readInto((bytes) => this.#pump?.toGuest(bytes) ?? true);
    const { port } = this.#flow;
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, onread });
    this.#socket = socket;
    const pump = new Pump(this.#flow, socket);
    this.#timer = setTimeout(() => {
      socket.destroy(new Error('Nobody answered.'));
    }, dialTimeoutMs);
    socket.once('connect', () => {
      clearTimeout(this.#timer);
      socket.setKeepAlive(true, keepAliveMs);
      this.#pump = pump;
      this.#flow.accept();
    });
    socket.on('end', () => {
      this.#flow.end();
    });
    socket.once('error', () => {
      clearTimeout(this.#timer);
      const [next, ...rest] = others;
      if (this.#isGone || this.#pump !== undefined || next === undefined) this.#flow.abort();
      else this.#dialOne(next, rest);
    });
    socket.once('close', (hadError) => {
      // The host has nothing more in either direction; what is queued for the guest still goes.
      if (!hadError && this.#socket === socket) this.#flow.end();
    });
  }

  /** Takes the connection only to answer a request of plain HTTP in words. */
  #awaitRequest(verdict: Verdict): void {
    this.#refusal = verdict;
    this.#held = [];
    this.#timer = setTimeout(() => {
      this.#flow.abort();
    }, refusedTimeoutMs);
    this.#flow.accept();
  }

  #inspect(): void {
    const bytes = this.#heldBytes > maxInspectedBytes ? undefined : Buffer.concat(this.#held ?? []);
    const inspected = bytes === undefined ? undefined : inspectFirstBytes(bytes);
    if (inspected?.state === 'more') return;
    if (this.#refusal !== undefined) {
      this.#answerRefused(this.#refusal, inspected?.isHttp ?? false);
      return;
    }
    if (inspected?.state === 'done') {
      this.#conclude(inspected.name, inspected.isHttp);
      return;
    }
    const reason = 'What was sent begins as TLS or HTTP, and its server cannot be told.';
    const rule = 'a server that can be told where rules name names';
    const verdict: Verdict = { verdict: 'deny', rule, source: 'built-in', reason };
    this.#tell(verdict);
    this.#answerRefused(verdict, inspected?.isHttp ?? false);
  }

  /** The server is known, or known not to be said. */
  #conclude(serverName: string | null, isHttp: boolean): void {
    this.#serverName = serverName;
    const { policy, knowledge } = this.#around;
    const verdict = decide(policy(), this.#describe(serverName), knowledge);
    this.#tell(verdict);
    if (verdict.verdict === 'deny') {
      this.#answerRefused(verdict, isHttp);
      return;
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const bytes of held) this.#pump?.toHost(bytes);
    if (this.#isEnded) this.#socket?.end();
  }

  #answerRefused(verdict: Verdict, isHttp: boolean): void {
    this.#refusal = verdict;
    this.#socket?.destroy();
    if (!isHttp) {
      this.#flow.abort();
      return;
    }
    clearTimeout(this.#timer);
    // A client may send more of its request before it reads.
    this.#timer = setTimeout(() => {
      this.#flow.abort();
    }, refusedTimeoutMs);
    this.#flow.use(this.#heldBytes);
    this.#held = undefined;
    this.#pump = undefined;
    this.#flow.write(forbiddenResponse(verdict.rule, verdict.reason));
    this.#flow.end();
  }
}
