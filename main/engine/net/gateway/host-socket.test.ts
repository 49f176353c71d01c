import { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { StackUnderTest } from '../stack/testing/stack-under-test.ts';
import { gateway4, tcp } from '../stack/testing/guest-frames.ts';
import { tcpFlag } from '../wire/tcp.ts';
import { Pump, readInto } from './host-socket.ts';

/** A flow of a stack that has as many besides. */
function flowAmong(others: number) {
  const test = new StackUnderTest();
  for (let count = 0; count <= others; count += 1) {
    const sequence = 100;
    const syn = { sourcePort: 1000 + count, sequence, flags: tcpFlag.syn, windowScale: 7 };
    test.stack.receive(tcp(gateway4, syn), test.nowMs);
  }
  test.flush();
  const acknowledgment = 5001;
  test.give(tcp(gateway4, { sourcePort: 1000, sequence: 101, acknowledgment, window: 65_535 }));
  const flow = test.flows[0]?.flow;
  if (flow === undefined) throw new Error('There is no flow.');
  return { test, flow };
}

describe('what a socket gives', () => {
  it.each([1, 3000])('is read on once the guest has taken it, with %i other flows', (others) => {
    const { test, flow } = flowAmong(others);
    const socket = new Socket();
    const resumed = vi.spyOn(socket, 'resume');
    const pump = new Pump(flow, socket);
    const room = flow.sendRoom;
    let written = 0;
    while (pump.toGuest(new Uint8Array(16_384))) written += 16_384;
    written += 16_384;
    expect(written).toBeGreaterThanOrEqual(room);
    test.flush();
    expect(resumed).not.toHaveBeenCalled();
    const acknowledgment = 5001 + written;
    test.give(tcp(gateway4, { sourcePort: 1000, sequence: 101, acknowledgment }));
    pump.onTaken();
    expect(resumed).toHaveBeenCalledOnce();
    socket.destroy();
  });

  it('is not written over where much of it came at once, and copied where it is little', () => {
    const seen: Uint8Array[] = [];
    const { buffer, callback } = readInto((bytes) => seen.push(bytes) > 0);
    const first = buffer().fill(1);
    callback(first.length, first);
    const second = buffer().fill(2);
    expect(second).not.toBe(first);
    callback(10, second);
    expect(buffer().fill(3)).toBe(second);
    expect(seen.map(({ length, [0]: byte }) => [length, byte])).toEqual([
      [65_280, 1],
      [10, 2],
    ]);
  });
});

describe('what the guest gives', () => {
  it.each([
    ['as it is where there are few flows', 1, true],
    ['as a copy where there are many: each could keep a large slab alive', 3000, false],
  ])('is written %s', (_how, others, isView) => {
    const { flow } = flowAmong(others);
    const socket = new Socket();
    const write = vi.spyOn(socket, 'write').mockReturnValue(true);
    const view = new Uint8Array(1000).subarray(10, 20).fill(7);
    new Pump(flow, socket).toHost(view);
    const written = write.mock.calls[0]?.[0];
    expect(written).toEqual(view);
    expect(written === view).toBe(isView);
    socket.destroy();
  });
});
