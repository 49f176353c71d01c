/**
 * Echoes of the guest to elsewhere. Node has no sockets for ICMP, so that the host's `ping` asks;
 * where there is none, or too many are under way, the guest is told that nobody is there.
 */
import { execFile } from 'node:child_process';
import { decide, type Knowledge } from '../policy/decide.ts';
import type { Policy } from '../policy/policy.ts';
import { addressText } from '../stack/address-text.ts';
import type { GuestStack } from '../stack/guest-stack.ts';
import type { Address } from '../wire/address.ts';
import type { EchoFields } from '../wire/icmp.ts';
import type { NewDecision } from './decision-reporter.ts';
import { dialAddresses } from './own-addresses.ts';

/** What the relay needs of the gateway. */
export interface EchoSurroundings {
  readonly policy: () => Policy;
  readonly knowledge: Knowledge;
  readonly stack: () => GuestStack;
  readonly onDecision: (decision: NewDecision) => void;
  readonly flush: () => void;
}

const maxPending = 8;
const waitS = 5;
const maxDataBytes = 1400;
const quotedBytes = 80;

/** See the head of this file. */
export class EchoRelay {
  readonly #around: EchoSurroundings;
  #pending = 0;

  constructor(around: EchoSurroundings) {
    this.#around = around;
  }

  ask(from: Address, to: Address, asked: EchoFields, packet: Uint8Array): void {
    const { policy, knowledge, stack, onDecision, flush } = this.#around;
    const text = addressText(to);
    const flow = { direction: 'egress', protocol: 'icmp', address: text } as const;
    const verdict = decide(policy(), flow, knowledge);
    onDecision({ ...verdict, ...flow });
    if (verdict.verdict === 'deny') {
      stack().refuse(from, packet, 'administratively');
      return;
    }
    if (this.#pending >= maxPending || asked.data.length > maxDataBytes) return;
    this.#pending += 1;
    const [guest, address] = [from.slice(), to.slice()];
    const echo = { ...asked, data: asked.data.slice() };
    const quoted = packet.slice(0, quotedBytes);
    const isIpv6 = to.length === 16;
    const [target] = dialAddresses(text);
    const size = String(Math.max(echo.data.length, 16));
    const args = [
      isIpv6 ? '-6' : '-4',
      '-n',
      '-q',
      '-c',
      '1',
      '-W',
      String(waitS),
      '-s',
      size,
      target,
    ];
    execFile('ping', args, { timeout: (waitS + 1) * 1000 }, (error) => {
      this.#pending -= 1;
      if (error === null) stack().answerEcho(guest, address, echo);
      else stack().refuse(guest, quoted, 'host');
      flush();
    });
  }
}
