/** A DNS service with an upstream of the test's own. */
import packet, { type Answer, type DecodedPacket, type Packet, type Question } from 'dns-packet';
import { networkSchema } from '../../../../contract/config/network.ts';
import { noKnowledge } from '../../policy/decide.ts';
import { DnsPins } from '../../policy/dns-pins.ts';
import { compilePolicy } from '../../policy/policy.ts';
import type { NewDecision } from '../decision-reporter.ts';
import { DnsService } from '../dns-service.ts';

/** An address of elsewhere. */
export const publicAddress = '93.184.215.14';

/** A query for one record. */
export function query(type: string, name: string, changes: Packet = {}): Uint8Array {
  const question = { type, name } as Question;
  const flags = packet.RECURSION_DESIRED;
  return new Uint8Array(
    packet.encode({ type: 'query', id: 77, flags, questions: [question], ...changes }),
  );
}

/** An answer to whatever was asked. */
export function answering(answers: Answer[], changes: Packet = {}) {
  return (bytes: Uint8Array): Promise<Uint8Array> => {
    const { questions = [], id = 0 } = packet.decode(Buffer.from(bytes));
    const base: Packet = { type: 'response', id, flags: packet.RECURSION_AVAILABLE };
    return Promise.resolve(
      new Uint8Array(packet.encode({ ...base, questions, answers, ...changes })),
    );
  };
}

/** A service with a network's policy and an upstream; by default one that does not answer. */
export function serviceFor(
  network: object,
  forward: (bytes: Uint8Array) => Promise<Uint8Array | undefined> = () =>
    Promise.resolve(undefined),
) {
  const decisions: NewDecision[] = [];
  const pins = new DnsPins();
  const forwarded: Uint8Array[] = [];
  const policy = compilePolicy(networkSchema.parse(network));
  const service = new DnsService({
    policy: () => policy,
    knowledge: { ...noKnowledge, isHost: (address) => address === '192.0.0.1' },
    pins,
    forward: (bytes) => {
      forwarded.push(bytes);
      return forward(bytes);
    },
    onDecision: (decision) => decisions.push(decision),
  });
  const ask = async (bytes: Uint8Array): Promise<DecodedPacket | undefined> => {
    const answer = await service.answer(bytes);
    return answer && packet.decode(Buffer.from(answer));
  };
  return { service, ask, decisions, pins, forwarded };
}

/** A record of an address. */
export function a(data: string, name = 'example.org', ttl = 300): Answer {
  return { type: data.includes(':') ? 'AAAA' : 'A', name, ttl, data };
}

/** What the records of an answer say. */
export function dataOf(answer: DecodedPacket | undefined): unknown[] {
  return (answer?.answers ?? []).map((each) => ('data' in each ? each.data : undefined));
}
