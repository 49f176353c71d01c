/** Names of hosts as a policy compares them: RFC 1123, section 2.1. */

const maxNameLength = 253;
const labelPattern = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Whether a lower-case text is a host name: RFC 1123, section 2.1, with the underscores that the
 * DNS has. No final dot; none whose last label is a number, which some take for an address.
 */
export function isHostName(text: string): boolean {
  if (text.length > maxNameLength) return false;
  const labels = text.split('.');
  return (
    labels.every((label) => labelPattern.test(label)) &&
    !/^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')
  );
}
