/** Tokens in memory until they expire. */
import type { Token } from './token-request.ts';

/** A token is not used in its last seconds: the request takes time to arrive. */
const marginMs = 5000;
const maxTokens = 1000;

/** See the head of this file. A key says for which registry, scopes and credential a token is. */
export class TokenCache {
  readonly #tokens = new Map<string, { readonly value: string; readonly expiresAtMs: number }>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  get(key: string): string | undefined {
    const token = this.#tokens.get(key);
    return token !== undefined && token.expiresAtMs > this.#nowMs() ? token.value : undefined;
  }

  set(key: string, { value, lifetimeS }: Token): void {
    const nowMs = this.#nowMs();
    for (const [old, { expiresAtMs }] of this.#tokens) {
      const isInTheWay = this.#tokens.size >= maxTokens;
      if (expiresAtMs <= nowMs || isInTheWay) this.#tokens.delete(old);
    }
    this.#tokens.set(key, { value, expiresAtMs: nowMs + lifetimeS * 1000 - marginMs });
  }
}
