/** Frames as a guest that means harm sends them: most are almost right. */
import type { Address } from '../../wire/address.ts';
import { write16 } from '../../wire/bytes.ts';
import { foldChecksum, pseudoHeaderSum, sumWords } from '../../wire/checksum.ts';
import { ipProtocol } from '../../wire/ip-protocol.ts';
import { tcpFlag } from '../../wire/tcp.ts';
import { ipv4, ipv6 } from '../link-addresses.ts';
import type { TcpFlow } from '../tcp-flows.ts';
import {
  arp,
  dhcp,
  echo,
  gateway4,
  gateway6,
  ip,
  neighborSolicitation,
  outside4,
  outside6,
  routerSolicitation,
  tcp,
  udp,
  type Ends,
} from './guest-frames.ts';
import type { RandomSource } from './random-source.ts';

const allEnds = [outside4, outside6, gateway4, gateway6];
const sequenceSteps = [0, 0, 0, 1, -1, 5, 100, 0x8000_0000];
const protocols = Object.values(ipProtocol);

/** What the guest would say next, by connection, as the stack's own segments ask for it. */
export type Said = Map<string, { readonly sequence: number; readonly acknowledgment: number }>;

/** What a connection is found by in {@link Said}. */
export function saidKey(at: Pick<TcpFlow, 'guestPort' | 'port'>): string {
  return `${String(at.guestPort)} ${String(at.port)}`;
}

/** See the head of this file. */
export const guestFrame = {
  /** Both addresses of a connection. */
  ends(random: RandomSource): [guest: Address, address: Address] {
    const { source, destination } = random.pick(allEnds);
    return [source, destination];
  },

  /** A frame of any kind. */
  any(random: RandomSource, flows: readonly TcpFlow[], said: Said): Uint8Array {
    const kind = random.below(20);
    if (kind === 0) return random.bytes(random.below(200));
    const frame = valid(random, flows, said);
    if (kind < 12) return frame;
    if (kind < 14) return frame.slice(0, random.below(frame.length + 1));
    for (let count = 1 + random.below(3); count > 0; count -= 1) {
      frame[random.below(frame.length)] = random.pick([0, 1, 0x7f, 0xff, random.below(256)]);
    }
    // Else what is changed would be found by its checksum alone.
    if (kind < 18) seal(frame);
    return frame;
  },
};

function valid(random: RandomSource, flows: readonly TcpFlow[], said: Said): Uint8Array {
  const ends = random.pick(allEnds);
  const small = (): Uint8Array => random.bytes(random.below(random.pick([8, 200, 3000])));
  const makers: (() => Uint8Array)[] = [
    () => segment(random, ends, flows, said),
    () => segment(random, ends, flows, said),
    () => segment(random, ends, flows, said),
    () => udp(ends, { from: random.below(65_536), to: random.pick([53, 67, 443]) }, small()),
    () => echo(ends, { identifier: 1, sequence: 2, data: small() }),
    () => fragment(random, ends),
    () => arp(random.pick(['request', 'reply']), random.pick([ipv4.gateway, ipv4.guest])),
    () => neighborSolicitation(random.pick([ipv6.gateway, ipv6.gatewayOnLink, ipv6.guest])),
    () => routerSolicitation(),
    () => dhcp(random.pick(['discover', 'request', 'inform', 'release'])),
    () => ip(ends, random.pick([...protocols, 0, 43, 44, 60, 255]), small()),
  ];
  return random.pick(makers)();
}

function segment(
  random: RandomSource,
  ends: Ends,
  flows: readonly TcpFlow[],
  said: Said,
): Uint8Array {
  const flow = random.below(4) > 0 && flows.length > 0 ? random.pick(flows) : undefined;
  const key = flow && saidKey(flow);
  const before = key === undefined ? undefined : said.get(key);
  const payload = random.below(3) > 0 ? new Uint8Array() : random.bytes(random.below(2000));
  const flags = random.pick([
    ...[tcpFlag.syn, tcpFlag.ack, tcpFlag.ack, tcpFlag.ack | tcpFlag.psh, tcpFlag.ack],
    ...[tcpFlag.ack | tcpFlag.fin, tcpFlag.rst, tcpFlag.syn | tcpFlag.ack, random.below(64)],
  ]);
  const step = (): number => random.pick(sequenceSteps);
  const sequence = ((before?.sequence ?? 1000) + step()) >>> 0;
  const acknowledgment = ((before?.acknowledgment ?? 1) + step()) >>> 0;
  if (key !== undefined) {
    const length = payload.length + (flags & tcpFlag.fin);
    said.set(key, { sequence: (sequence + length) >>> 0, acknowledgment });
  }
  const at = flow === undefined ? ends : { source: flow.guest, destination: flow.address };
  return tcp(
    at,
    {
      ...{ sourcePort: flow?.guestPort ?? random.below(65_536), flags, sequence, acknowledgment },
      destinationPort: flow?.port ?? random.pick([53, 80, 443]),
      window: random.pick([0, 1, 500, 65_535]),
      ...(random.below(2) === 0 ? { mss: random.pick([0, 1, 536, 1400, 65_535]) } : {}),
      ...(random.below(2) === 0 ? { windowScale: random.below(20) } : {}),
    },
    payload,
  );
}

function fragment(random: RandomSource, ends: Ends): Uint8Array {
  const offset = 8 * random.below(random.pick([4, 40, 8192]));
  const more = random.below(3) > 0;
  const id = random.below(random.pick([4, 65_536]));
  const length = more ? 8 * random.below(random.pick([5, 1000])) : random.below(2000);
  const room = Math.max(0, Math.min(length, 65_480 - offset));
  return ip(ends, random.pick(protocols), random.bytes(room), { fragment: { offset, more, id } });
}

/** Makes the checksums right, if there are any where they would be. */
function seal(frame: Uint8Array): void {
  const packet = frame.subarray(14);
  const version = (packet[0] ?? 0) >>> 4;
  const headerBytes = version === 4 ? ((packet[0] ?? 0) & 15) * 4 : 40;
  if (version === 4) {
    write16(packet, 10, 0);
    write16(packet, 10, foldChecksum(sumWords(packet, 0, Math.min(headerBytes, packet.length))));
  }
  const protocol = packet[version === 4 ? 9 : 6] ?? 0;
  const inner = packet.subarray(headerBytes);
  const at = new Map<number, number>([
    [6, 16],
    [17, 6],
    [58, 2],
    [1, 2],
  ]).get(protocol);
  if (at === undefined || inner.length < at + 2) return;
  const source = packet.subarray(version === 4 ? 12 : 8, version === 4 ? 16 : 24);
  const destination = packet.subarray(version === 4 ? 16 : 24, version === 4 ? 20 : 40);
  write16(inner, at, 0);
  const pseudo = pseudoHeaderSum(source, destination, protocol, inner.length);
  const sum = sumWords(inner, 0, inner.length, protocol === 1 ? 0 : pseudo);
  write16(inner, at, foldChecksum(sum));
}
