/**
 * Throws frames of every kind at a stack for a while: valid ones, changed ones, noise, with jumps of
 * the clock and another side that does what it likes. Whatever is wrong throws, and says the seed.
 */
import { tcpFlag } from '../../wire/tcp.ts';
import { GuestStack } from '../guest-stack.ts';
import { maxTcpFlows, type TcpFlow } from '../tcp-flows.ts';
import { guestFrame, saidKey, type Said } from './random-frames.ts';
import { randomSource } from './random-source.ts';
import { readSent, type SentPacket } from './stack-under-test.ts';

/** What a run did. */
export interface FuzzResult {
  readonly frames: number;
  readonly sent: number;
  /** Connections that both ends agreed on. */
  readonly established: number;
  readonly seconds: number;
}

const roundFrames = 2000;
const maxHeldFragmentBytes = 1024 * 1024;
const maxQueuedBytes = 100_000;

/** Runs rounds for so many seconds, the first with `seed`, each later one with the next. */
export function fuzzStack(seed: number, seconds: number): FuzzResult {
  const startMs = performance.now();
  let [frames, sent, established, round] = [0, 0, 0, 0];
  do {
    const roundSeed = (seed + round) >>> 0;
    try {
      const result = fuzzRound(roundSeed);
      frames += roundFrames;
      sent += result.sent;
      established += result.established;
    } catch (error) {
      throw new Error(`The stack fails with seed ${String(roundSeed)}.`, { cause: error });
    }
    round += 1;
  } while (performance.now() - startMs < seconds * 1000);
  return { frames, sent, established, seconds: (performance.now() - startMs) / 1000 };
}

function fuzzRound(seed: number): { sent: number; established: number } {
  const random = randomSource(seed);
  const flows: TcpFlow[] = [];
  const closed = new Set<TcpFlow>();
  const said: Said = new Map();
  let [sent, established, nowMs, isBusy] = [0, 0, 1_000_000, false];
  const check = (isRight: boolean, what: string): void => {
    if (!isRight) throw new Error(what);
  };
  const handler = (flow: () => TcpFlow | undefined) => ({
    onEstablished: () => {
      established += 1;
    },
    onData: (bytes: Uint8Array) => {
      if (random.below(8) > 0) flow()?.use(bytes.length);
    },
    onEnd: () => flow()?.end(),
    onTaken: () => undefined,
    onClosed: () => {
      const own = flow();
      if (own === undefined) return;
      check(!closed.has(own), 'A connection was closed twice.');
      closed.add(own);
    },
  });
  const stack = new GuestStack({
    sendFrame: (head, payload) => {
      sent += 1;
      listen(said, readSent(Buffer.concat([head, ...payload])));
    },
    isBusy: () => isBusy,
    randomSequence: () => random.word(),
    wake: () => undefined,
    onTcpOpen: (flow) => {
      if (random.below(10) === 0) return undefined;
      flows.push(flow);
      if (random.below(10) > 0) flow.accept();
      return handler(() => flow);
    },
    onTcpFull: () => undefined,
    onDatagram: ({ guest, packet, address, port, guestPort, payload }) => {
      const to = { guest: guest.slice(), guestPort };
      if (random.below(2) === 0) stack.refuse(guest, packet, random.pick(refusals));
      else stack.sendDatagram({ address: address.slice(), port }, to, payload.slice());
    },
    onEcho: (guest, address, echo, packet) => {
      if (random.below(2) === 0) stack.answerEcho(guest, address, echo);
      else stack.refuse(guest, packet, random.pick(refusals));
    },
    onMisbehavior: () => undefined,
  });
  const act = (): void => {
    const flow = flows.length === 0 ? undefined : random.pick(flows);
    const acts = [
      () => flow?.write(random.bytes(random.below(maxQueuedBytes))),
      () => flow?.end(),
      () => flow?.abort(),
      () => flow?.accept(),
      () => {
        const [guest, address] = guestFrame.ends(random);
        const at = { guest, address, guestPort: 1 + random.below(4) };
        const made: TcpFlow | undefined = stack.tcp.connect(
          at,
          handler(() => made),
          nowMs,
        );
        if (made !== undefined) flows.push(made);
      },
    ];
    random.pick(acts)();
  };
  for (let count = 0; count < roundFrames; count += 1) {
    const frame = guestFrame.any(random, flows, said);
    const copy = Uint8Array.from(frame);
    stack.receive(frame, nowMs);
    check(Buffer.compare(copy, frame) === 0, 'A frame was written to.');
    frame.fill(0xee);
    if (random.below(8) === 0) act();
    if (random.below(16) === 0) isBusy = !isBusy && random.below(4) === 0;
    if (random.below(4) > 0) stack.tcp.flush(nowMs);
    if (random.below(32) === 0) {
      nowMs += random.pick([1, 20, 500, 1000, 6000, 120_000, 7_200_000]);
      stack.tcp.tick(nowMs);
    }
    check(stack.tcp.size <= maxTcpFlows, 'There are too many connections.');
    check(stack.heldFragmentBytes <= maxHeldFragmentBytes, 'Fragments hold too much memory.');
    if (flows.length > 500) flows.splice(0, 250);
  }
  // A connection that nothing is done with ends at last, or waits for its other side.
  isBusy = false;
  for (let day = 0; day < 40; day += 1) {
    stack.tcp.flush(nowMs);
    nowMs += 12 * 60 * 60 * 1000;
    stack.tcp.tick(nowMs);
  }
  return { sent, established };
}

const refusals = ['administratively', 'port', 'host'] as const;

/** Notes what the guest would answer. */
function listen(said: Said, packet: ReturnType<typeof readSent>): void {
  const { tcp } = packet as Partial<SentPacket>;
  if (tcp === undefined) return;
  const { sequence, acknowledgment, payload, flags } = tcp;
  const length = payload.length + ((flags & (tcpFlag.syn | tcpFlag.fin)) === 0 ? 0 : 1);
  // To a SYN alone the guest answers with a number of its own.
  const answer = { sequence: acknowledgment, acknowledgment: (sequence + length) >>> 0 };
  said.set(saidKey({ guestPort: tcp.destinationPort, port: tcp.sourcePort }), answer);
}
