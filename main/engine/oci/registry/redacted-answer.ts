import type { HttpAnswer } from './http-answer.ts';

/** An answer whose excerpts, which go into messages, lack what only we and the registry know. */
export function withoutSecrets(answer: HttpAnswer, secrets: readonly string[]): HttpAnswer {
  if (secrets.length === 0) return answer;
  const longest = Math.max(...secrets.map((secret) => secret.length));
  return {
    status: answer.status,
    url: answer.url,
    sameOrigin: answer.sameOrigin,
    header: (name) => answer.header(name),
    pieces: () => answer.pieces(),
    read: (maxBytes) => answer.read(maxBytes),
    readExcerpt: async (maxBytes) => {
      const bound = maxBytes + 4 * longest;
      const text = await answer.readExcerpt(bound);
      const redacted = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
      // The bound may have cut a secret, which is not recognised then.
      const isCut = Buffer.byteLength(text) >= bound;
      return redacted.slice(0, isCut ? redacted.length - longest : undefined).slice(0, maxBytes);
    },
    discard: () => answer.discard(),
  };
}
