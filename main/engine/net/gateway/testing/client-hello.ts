import { textBytes } from '../../wire/testing/arbitraries.ts';

/** A ClientHello with nothing in it but what has to be, and a server's name if there is one. */
export function clientHello(name?: string): Uint8Array {
  const text = textBytes(name ?? '');
  const two = (value: number): number[] => [value >>> 8, value & 0xff];
  const entry = [0, ...two(text.length), ...text];
  const list = [...two(entry.length), ...entry];
  const extension = name === undefined ? [0, 23, 0, 0] : [0, 0, ...two(list.length), ...list];
  const body = [
    ...[3, 3, ...new Array<number>(32).fill(7), 0],
    ...[0, 2, 0x13, 1, 1, 0, ...two(extension.length), ...extension],
  ];
  const message = [1, 0, ...two(body.length), ...body];
  return Uint8Array.from([22, 3, 1, ...two(message.length), ...message]);
}
