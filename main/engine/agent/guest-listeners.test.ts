import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../base/app-error.ts';
import type { GuestListener } from './agent.ts';
import { FieldsWriter, tag } from './fields.ts';
import { guestType, parseGuestFrame } from './guest-messages.ts';

interface Written {
  readonly protocol?: number;
  readonly address?: Uint8Array;
  readonly port?: number;
  readonly command?: Uint8Array;
}

function reply(...listeners: readonly Written[]): Uint8Array {
  const fields = new FieldsWriter();
  for (const listener of listeners) {
    const { protocol = 6, address = new Uint8Array(4), port = 80, command } = listener;
    const one = new FieldsWriter()
      .u32(tag.protocol, protocol)
      .bytes(tag.address, address)
      .u32(tag.port, port);
    if (command !== undefined) one.bytes(tag.command, command);
    fields.bytes(tag.listener, one.finish());
  }
  return fields.finish();
}

function read(payload: Uint8Array): readonly GuestListener[] {
  const message = parseGuestFrame({ type: guestType.listenersReply, flags: 0, stream: 0, payload });
  if (message?.type !== 'listeners-reply') throw new Error('It is another message.');
  return message.listeners;
}

describe('LISTENERS_REPLY', () => {
  it('may be empty, and as long as there are ports that a person would read', () => {
    expect(read(reply())).toEqual([]);
    const many = Array.from({ length: 128 }, (_, index) => ({ port: index + 1 }));
    expect(read(reply(...many)).map(({ port }) => port)).toEqual(many.map(({ port }) => port));
  });

  it('passes over fields that a later version may have', () => {
    const later = new FieldsWriter().u32(999, 1).finish();
    expect(read(Buffer.concat([later, reply({ port: 65_535 })]))).toEqual([
      { protocol: 'tcp', address: new Uint8Array(4), port: 65_535 },
    ]);
  });

  it.each<[string, readonly Written[]]>([
    ['too many', Array.from({ length: 129 }, () => ({}))],
    ['a protocol without ports', [{ protocol: 1 }]],
    ['the port 0', [{ port: 0 }]],
    ['a port that there is not', [{ port: 65_536 }]],
    ['half an address', [{ address: new Uint8Array(8) }]],
    ['no address', [{ address: new Uint8Array() }]],
  ])('breaks the protocol with %s', (_, listeners) => {
    expect(() => read(reply(...listeners))).toThrow(
      expect.objectContaining({ code: 'agent/protocol' }) as Error,
    );
  });

  it.each([
    ['ends at 64 characters', '\u{1f41a}'.repeat(100), '\u{1f41a}'.repeat(64)],
    ['does nothing to a terminal', '\u001b[31mred\u0007\r\n', '[31mred'],
    ['does not turn the text around', 'a\u202eb\u2028c', 'abc'],
  ])('has a command that %s', (_, sent, shown) => {
    expect(read(reply({ command: Buffer.from(sent) }))[0]?.command).toBe(shown);
  });

  it('has no command where nothing of it is left, and shows what is no UTF-8', () => {
    expect(read(reply({ command: Buffer.from('\n') }))[0]).not.toHaveProperty('command');
    expect(read(reply({ command: Uint8Array.of(0xff, 0x61) }))[0]?.command).toBe('\ufffda');
  });

  it('is what it should be or breaks the protocol, whatever the bytes are', () => {
    const number = fc.oneof(fc.constantFrom(0, 6, 17, 80, 65_535, 65_536), fc.nat());
    const listener = fc.record(
      {
        protocol: number,
        port: number,
        address: fc.uint8Array({ maxLength: 17 }),
        command: fc.uint8Array({ maxLength: 300 }),
      },
      { requiredKeys: [] },
    );
    const almost = fc
      .tuple(fc.array(listener, { maxLength: 140 }), fc.nat(), fc.nat(255))
      .map(([listeners, at, value]) => {
        const bytes = Uint8Array.from(reply(...listeners));
        if (bytes.length > 0) bytes[at % bytes.length] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), almost), (payload) => {
        try {
          const listeners = read(payload);
          expect(listeners.length).toBeLessThanOrEqual(128);
          for (const { address, port, protocol, command } of listeners) {
            expect([4, 16]).toContain(address.length);
            expect(port >= 1 && port <= 65_535).toBe(true);
            expect(['tcp', 'udp']).toContain(protocol);
            expect(command ?? 'x').toMatch(/^\P{Cc}{1,64}$/u);
          }
        } catch (error) {
          if (!isAppError(error, 'agent/protocol')) throw error;
        }
      }),
    );
  });
});
