import ipaddr from 'ipaddr.js';
import type { Address } from '../wire/address.ts';

/** The canonical text of an address, as configurations have it. Pure. */
export function addressText(address: Address): string {
  return address.length === 4 ? address.join('.') : ipaddr.fromByteArray([...address]).toString();
}
