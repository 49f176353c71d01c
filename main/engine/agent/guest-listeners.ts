/** What a guest says of the ports that listen in it (PROTOCOL.md, "LISTENERS"). Pure; every byte is an attacker's. */
import type { GuestListener } from './agent.ts';
import { Fields, tag } from './fields.ts';
import { programName } from './visible-text.ts';
import { protocolError } from './frame-codec.ts';

/** How many a reply may have. */
const maxListeners = 128;

const protocols: Readonly<Record<number, GuestListener['protocol']>> = { 6: 'tcp', 17: 'udp' };

/** @throws AppError `agent/protocol` */
export function readListeners(fields: Fields): GuestListener[] {
  const listeners = fields.values(tag.listener);
  if (listeners.length > maxListeners) {
    throw protocolError(`listed ${String(listeners.length)} ports that listen`);
  }
  return listeners.map((bytes) => readListener(new Fields(bytes)));
}

function readListener(fields: Fields): GuestListener {
  const protocol = protocols[fields.u32(tag.protocol)];
  const address = fields.bytes(tag.address);
  const port = fields.u32(tag.port);
  if (protocol === undefined) throw protocolError('named a protocol that has no ports');
  if (address.length !== 4 && address.length !== 16) {
    throw protocolError(`listed an address of ${String(address.length)} bytes`);
  }
  if (port < 1 || port > 65_535) throw protocolError(`listed the port ${String(port)}`);
  const command = fields.has(tag.command) ? programName(fields.bytes(tag.command)) : '';
  return {
    protocol,
    // A copy: the rest of the frame is not kept for it.
    address: Uint8Array.from(address),
    port,
    ...(command === '' ? {} : { command }),
  };
}
