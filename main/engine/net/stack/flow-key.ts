import type { Address } from '../wire/address.ts';

/** A short text by which a flow is found: both ports and both addresses, 16 bits a character. Pure. */
export function flowKey(guest: Address, guestPort: number, address: Address, port: number): string {
  return String.fromCharCode(guestPort, port) + addressKey(address) + addressKey(guest);
}

function addressKey(address: Address): string {
  const word = (at: number): number => ((address[at] ?? 0) << 8) | (address[at + 1] ?? 0);
  if (address.length === 4) return String.fromCharCode(word(0), word(2));
  return String.fromCharCode(
    ...[word(0), word(2), word(4), word(6), word(8), word(10), word(12), word(14)],
  );
}
