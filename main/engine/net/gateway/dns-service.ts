/**
 * DNS for a guest: every query is answered here, whichever server it was sent to. Names are decided
 * on, answers are looked through, and which address was given for which name is remembered.
 */
import packet, { type Answer, type DecodedPacket, type Question } from 'dns-packet';
import type { Verdict } from '../../../contract/network.ts';
import { decideAnswer, decideName, type Knowledge } from '../policy/decide.ts';
import type { DnsPins } from '../policy/dns-pins.ts';
import { canonicalName } from '../policy/match.ts';
import type { Policy } from '../policy/policy.ts';
import { canonicalAddress } from '../../../contract/config/destination.ts';
import { hostAddresses, hostName } from '../stack/link-addresses.ts';
import type { NewDecision } from './decision-reporter.ts';

/** What the service works with. */
export interface DnsSurroundings {
  readonly policy: () => Policy;
  readonly knowledge: Knowledge;
  readonly pins: DnsPins;
  readonly forward: (query: Uint8Array) => Promise<Uint8Array | undefined>;
  readonly onDecision: (decision: NewDecision) => void;
}

/** RFC 1035, section 4.1.1. */
const code = { formatError: 1, serverFailure: 2, noSuchName: 3, notImplemented: 4 } as const;
const maxQueryBytes = 4096;
/** Queries that wait for an answer; a guest that asks more is told that it failed. */
const maxPending = 256;
const hostTtlS = 60;

/** See the head of this file. */
export class DnsService {
  readonly #around: DnsSurroundings;
  #pending = 0;

  constructor(around: DnsSurroundings) {
    this.#around = around;
  }

  /** The answer to a query; undefined where the bytes are no query at all. */
  async answer(query: Uint8Array): Promise<Uint8Array | undefined> {
    const decoded = decode(query);
    if (query.length < 12 || query.length > maxQueryBytes || ((query[2] ?? 0) & 0x80) !== 0) {
      return undefined;
    }
    const [question, ...others] = decoded?.questions ?? [];
    if (decoded === undefined || question === undefined || others.length > 0) {
      return failure(query, code.formatError);
    }
    if (!isSaidBack(query, decoded)) {
      return failure(query, code.formatError);
    }
    // RFC 1035, section 4.1.1: a standard query is 0.
    if (((query[2] ?? 0) & 0x78) !== 0) return reply(decoded, code.notImplemented);
    const name = canonicalName(question.name);
    if (name === hostName) return this.#answerHost(decoded, question, name);
    const verdict = decideName(this.#around.policy(), name);
    this.#tell(verdict, name);
    if (verdict.verdict === 'deny') return reply(decoded, code.noSuchName);
    if (isHint(question.type) && this.#around.policy().hasNames) return reply(decoded, 0);
    if (this.#pending >= maxPending) return reply(decoded, code.serverFailure);
    this.#pending += 1;
    try {
      const answer = await this.#around.forward(query);
      return answer === undefined
        ? reply(decoded, code.serverFailure)
        : this.#inspect(decoded, name, answer);
    } finally {
      this.#pending -= 1;
    }
  }

  #inspect(query: DecodedPacket, name: string, answer: Uint8Array): Uint8Array {
    const decoded = decode(answer);
    if (decoded === undefined || !isAnswerTo(query, decoded)) {
      return reply(query, code.serverFailure);
    }
    const { knowledge, pins, policy } = this.#around;
    const refused: string[] = [];
    const all = decoded.answers ?? [];
    const kept = all.filter((record) => {
      if (isHint(record.type)) return !policy().hasNames;
      const address = addressOf(record);
      if (address === undefined) return true;
      const verdict = decideAnswer(policy(), address, knowledge);
      if (verdict.verdict === 'deny') {
        refused.push(address);
        this.#tell(verdict, name, address);
        return false;
      }
      pins.pin(name, address, ('ttl' in record ? record.ttl : undefined) ?? 0, Date.now());
      return true;
    });
    if (kept.length === all.length) return answer;
    const hasAddress = kept.some((record) => addressOf(record) !== undefined);
    if (refused.length > 0 && !hasAddress) return reply(query, code.noSuchName);
    try {
      return reply(query, 0, kept);
    } catch {
      // Some records that can be read cannot be written again.
      return reply(query, code.serverFailure);
    }
  }

  #answerHost(query: DecodedPacket, question: Question, name: string): Uint8Array {
    const { knowledge, pins, policy } = this.#around;
    const isOfType = (address: string): boolean =>
      question.type === (address.includes(':') ? 'AAAA' : 'A');
    const [any = ''] = hostAddresses;
    const verdict = decideAnswer(policy(), any, knowledge);
    this.#tell({ ...verdict, reason: `${name} is this machine. ${verdict.reason}` }, name);
    if (verdict.verdict === 'deny') return reply(query, code.noSuchName);
    const answers = [...hostAddresses].filter(isOfType).map((data): Answer => {
      pins.pin(name, data, hostTtlS, Date.now());
      return { type: data.includes(':') ? 'AAAA' : 'A', name: question.name, ttl: hostTtlS, data };
    });
    return reply(query, 0, answers);
  }

  #tell(verdict: Verdict, name: string, address?: string): void {
    const at = address === undefined ? {} : { address };
    this.#around.onDecision({ ...verdict, direction: 'egress', protocol: 'dns', name, ...at });
  }
}

/** Never throws; undefined for bytes that are no message. */
function decode(bytes: Uint8Array): DecodedPacket | undefined {
  try {
    return packet.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    return undefined;
  }
}

/**
 * Whether the question is the same once it was read and written. A dot within a label and bytes
 * that are no text are not: the name that is decided on would be another than the one asked for.
 */
function isSaidBack(query: Uint8Array, decoded: DecodedPacket): boolean {
  const said = reply(decoded, 0);
  return Buffer.compare(said.subarray(12), query.subarray(12, said.length)) === 0;
}

function isAnswerTo(query: DecodedPacket, answer: DecodedPacket): boolean {
  const [asked] = query.questions ?? [];
  const [answered] = answer.questions ?? [];
  return (
    asked?.type === answered?.type &&
    canonicalName(asked?.name ?? '') === canonicalName(answered?.name ?? '')
  );
}

/** What would hide a server's name (ECH) and lead around the pins (hints): RFC 9460. */
function isHint(type: string): boolean {
  return /^(?:HTTPS|SVCB|UNKNOWN_6[45])$/.test(type);
}

function addressOf(record: Answer): string | undefined {
  if (record.type !== 'A' && record.type !== 'AAAA') return undefined;
  return canonicalAddress(record.data) ?? '0.0.0.0';
}

function reply(query: DecodedPacket, rcode: number, answers: Answer[] = []): Uint8Array {
  const bytes = packet.encode({
    type: 'response',
    id: query.id ?? 0,
    // Recursion desired comes back, recursion is available.
    flags: packet.RECURSION_AVAILABLE | ((query.flags ?? 0) & packet.RECURSION_DESIRED) | rcode,
    questions: query.questions ?? [],
    answers,
  });
  return new Uint8Array(bytes);
}

/** For a query that could not be read: its head alone. */
function failure(query: Uint8Array, rcode: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set(query.subarray(0, 2));
  bytes[2] = 0x80 | ((query[2] ?? 0) & 0x79);
  bytes[3] = 0x80 | rcode;
  return bytes;
}
