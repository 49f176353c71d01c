import {
  bracketed,
  formatDestination,
  parseDestination,
} from '../../contract/config/destination.ts';

/** A destination as it is compared and shown; what cannot be read stays as it is. */
export function canonicalDestination(text: string): string {
  const reading = parseDestination(text);
  if (!reading.ok) return text;
  const { destination, port } = reading;
  const plain = formatDestination(destination);
  if (port === undefined) return plain;
  return `${bracketed(plain)}:${String(port)}`;
}
