import { describe, expect, it } from 'vitest';
import { tcpFlag, type TcpHeader } from '../wire/tcp.ts';
import { addressText } from './address-text.ts';
import { outside4, outside6, tcp, type Ends } from './testing/guest-frames.ts';
import { FlowEnd, StackUnderTest, type SentPacket } from './testing/stack-under-test.ts';
import { maxTcpFlows } from './tcp-flows.ts';

const { syn, ack, fin, rst, psh } = tcpFlag;
const hello = Uint8Array.of(104, 101, 108, 108, 111);
const world = Uint8Array.of(119, 111, 114, 108, 100, 33);
const families: [string, Ends][] = [
  ['IPv4', outside4],
  ['IPv6', outside6],
];

/** Opens a connection; the guest has sent 100, the gateway 5000. */
function opened(
  test: StackUnderTest,
  ends: Ends = outside4,
  ports: Partial<TcpHeader> = {},
): FlowEnd {
  test.give(tcp(ends, { ...ports, flags: syn, mss: 1400, windowScale: 7 }));
  test.give(tcp(ends, { ...ports, sequence: 101, acknowledgment: 5001 }));
  const end = test.flows.at(-1);
  if (end?.flow === undefined) throw new Error('No connection was opened.');
  return end;
}

/** Ends a connection in both directions, the gateway first: it waits afterwards. */
function finish(test: StackUnderTest, end: FlowEnd, ends: Ends = outside4): void {
  end.flow?.end();
  test.flush();
  test.give(tcp(ends, { sequence: 101, acknowledgment: 5002, flags: ack | fin }));
}

function flagsOf(packets: readonly unknown[]): (number | undefined)[] {
  return (packets as SentPacket[]).map((each) => each.tcp?.flags);
}

describe.each(families)('a connection by %s', (_family, ends) => {
  it('is opened, carries both directions and ends', () => {
    const test = new StackUnderTest();
    const answer = test.answer(tcp(ends, { flags: syn, mss: 1400, windowScale: 7 }));
    expect(answer.source).toBe(addressText(ends.destination));
    const isAnswer = { sourcePort: 80, destinationPort: 40_000, flags: syn | ack };
    expect(answer.tcp).toMatchObject({ ...isAnswer, sequence: 5000, acknowledgment: 101 });
    const [end] = test.flows;
    expect(end?.flow).toMatchObject({ guestPort: 40_000, port: 80 });
    const first = { sequence: 101, acknowledgment: 5001, flags: ack | psh };
    // A little is acknowledged a moment later, as more of it may follow.
    expect(test.give(tcp(ends, first, hello))).toEqual([]);
    test.nowMs = test.stack.tcp.deadlineMs;
    test.stack.tcp.tick(test.nowMs);
    const [taken] = test.flush() as SentPacket[];
    expect(taken?.tcp).toMatchObject({ flags: ack, acknowledgment: 106 });
    expect([end?.told, end?.received]).toEqual([['established'], [...hello]]);

    end?.flow?.write(world);
    end?.flow?.end();
    expect(test.flush()).toMatchObject([
      { tcp: { flags: ack | psh | fin, sequence: 5001, payload: world } },
    ]);
    const last = test.answer(tcp(ends, { sequence: 106, acknowledgment: 5008, flags: ack | fin }));
    expect(last.tcp).toMatchObject({ flags: ack, acknowledgment: 107, sequence: 5008 });
    expect(end?.told).toEqual(['established', 'taken 6', 'end']);
    test.nowMs += 1000;
    test.stack.tcp.tick(test.nowMs);
    expect(end?.told.at(-1)).toBe('finished');
    expect(test.stack.tcp.size).toBe(0);
  });

  it('that nobody knows is reset', () => {
    const test = new StackUnderTest();
    const { tcp: sent } = test.answer(tcp(ends, { acknowledgment: 777 }, hello));
    expect(sent).toMatchObject({ flags: rst, sequence: 777 });
    expect(test.give(tcp(ends, { flags: rst }))).toEqual([]);
    expect([test.flows, test.stack.tcp.size]).toEqual([[], 0]);
  });

  it('that nobody takes is reset', () => {
    const test = new StackUnderTest({ onTcpOpen: () => undefined });
    const { tcp: sent } = test.answer(tcp(ends, { flags: syn }));
    expect(sent).toMatchObject({ flags: rst | ack, acknowledgment: 101 });
    expect(test.stack.tcp.size).toBe(0);
  });

  it('to the guest is opened for a published port', () => {
    const test = new StackUnderTest();
    const end = new FlowEnd();
    const at = { guest: ends.source, guestPort: 8080, address: ends.destination };
    const flow = test.stack.tcp.connect(at, end, test.nowMs);
    const [question] = test.flush() as SentPacket[];
    expect(question?.tcp).toMatchObject({ flags: syn, destinationPort: 8080, sequence: 5000 });
    const ports = { sourcePort: 8080, destinationPort: flow?.port ?? 0 };
    const answered = { ...ports, acknowledgment: 5001 };
    test.give(tcp(ends, { ...answered, flags: syn | ack, mss: 1400, windowScale: 7 }));
    expect(end.told).toEqual(['established']);
    flow?.write(world);
    expect(test.flush()).toMatchObject([{ tcp: { payload: world, sequence: 5001 } }]);
    test.give(tcp(ends, { ...ports, sequence: 101, acknowledgment: 5007 }, hello));
    expect([end.told, end.received]).toEqual([['established', 'taken 6'], [...hello]]);
  });

  it('to the guest is refused where nobody listens', () => {
    const test = new StackUnderTest();
    const end = new FlowEnd();
    const at = { guest: ends.source, guestPort: 8080, address: ends.destination };
    const flow = test.stack.tcp.connect(at, end, test.nowMs);
    const ports = { sourcePort: 8080, destinationPort: flow?.port ?? 0 };
    test.give(tcp(ends, { ...ports, flags: rst | ack, acknowledgment: 5001 }));
    expect([end.told, test.stack.tcp.size]).toEqual([['refused'], 0]);
  });
});

describe('the table of connections', () => {
  const at = { guest: outside4.source, guestPort: 8080, address: outside4.destination };

  it('is bounded, says so, and goes on with those that it has', () => {
    const test = new StackUnderTest();
    const first = opened(test);
    for (let sourcePort = 1; sourcePort < maxTcpFlows; sourcePort += 1) {
      test.stack.receive(tcp(outside4, { sourcePort, flags: syn }), test.nowMs);
    }
    test.flush();
    expect(test.full).toEqual([]);
    const oneMore = tcp(outside4, { sourcePort: 50_000, flags: syn });
    expect(flagsOf(test.give(oneMore))).toEqual([rst | ack]);
    expect(test.full).toEqual(['93.184.215.14 80']);
    expect(test.stack.tcp.size).toBe(maxTcpFlows);
    expect(test.stack.tcp.connect(at, new FlowEnd(), test.nowMs)).toBeUndefined();
    test.give(tcp(outside4, { sequence: 101, acknowledgment: 5001 }, hello));
    expect(first.received).toEqual([...hello]);
    first.flow?.abort();
    expect(flagsOf(test.flush())).toEqual([rst | ack]);
    expect(flagsOf(test.give(oneMore))).toEqual([syn | ack]);
  });

  it('opens a new connection over one that is over, and lets that one go', () => {
    const test = new StackUnderTest();
    const before = opened(test);
    finish(test, before);
    expect(before.told).toEqual(['established', 'end']);
    const again = tcp(outside4, { flags: syn, sequence: 70_000 });
    expect(test.answer(again).tcp).toMatchObject({ flags: syn | ack, acknowledgment: 70_001 });
    expect(before.told).toEqual(['established', 'end', 'finished']);
    expect([test.flows.length, test.stack.tcp.size]).toEqual([2, 1]);
    // What the earlier one's other side still does touches nobody.
    before.flow?.write(hello);
    before.flow?.abort();
    test.nowMs += 2000;
    test.stack.tcp.tick(test.nowMs);
    expect(before.told).toEqual(['established', 'end', 'finished']);
    test.give(tcp(outside4, { sequence: 70_001, acknowledgment: 5001 }));
    expect(test.flows[1]?.told).toEqual(['established']);
  });

  it('takes no SYN for a new connection while there is one', () => {
    const test = new StackUnderTest();
    opened(test);
    const again = test.give(tcp(outside4, { flags: syn, sequence: 70_000 }));
    expect([flagsOf(again), test.flows.length]).toEqual([[ack], 1]);
  });

  it('gives each connection to the guest a port of its own', () => {
    const test = new StackUnderTest();
    const ports = Array.from({ length: 100 }, () => {
      return test.stack.tcp.connect(at, new FlowEnd(), test.nowMs)?.port ?? 0;
    });
    expect(new Set(ports).size).toBe(100);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(49_152);
  });

  it('sends again where nothing is acknowledged, and keeps what a busy link does not take', () => {
    let isBusy = false;
    const test = new StackUnderTest({ isBusy: () => isBusy });
    const end = opened(test);
    isBusy = true;
    end.flow?.write(world);
    expect(test.flush()).toEqual([]);
    isBusy = false;
    expect(test.flush()).toMatchObject([{ tcp: { sequence: 5001, payload: world } }]);
    test.nowMs = test.stack.tcp.deadlineMs;
    test.stack.tcp.tick(test.nowMs);
    test.stack.tcp.tick(test.nowMs);
    expect(test.flush()).toMatchObject([{ tcp: { sequence: 5001, payload: world } }]);
  });
});
