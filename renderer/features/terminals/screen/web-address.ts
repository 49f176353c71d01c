/**
 * An address of the web as it is opened and shown, or undefined for any other: the host's letters
 * outside ASCII as Punycode and the rest percent-encoded (WHATWG URL), so that what is shown cannot
 * pass itself off as another address. Pure.
 */
export function webAddress(address: string): string | undefined {
  const url = URL.parse(address);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined;
}
