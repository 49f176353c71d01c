import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Time a one-time token waits to be used. */
const oneTimeLifetimeMs = 60_000;
/** One-time tokens that may wait at once; the oldest goes first. */
const maxOneTimeTokens = 8;

/**
 * The secret that lets a browser in, 256 random bits, made anew for each host process.
 * A one-time token stands for it where others could read it: on the command line of a browser.
 */
export class AccessToken {
  readonly value = makeToken();
  readonly #oneTime: { readonly token: string; readonly expiresAtMs: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A token that is good for one visit within a minute. */
  issueOneTime(): string {
    const token = makeToken();
    this.#oneTime.push({ token, expiresAtMs: this.#now() + oneTimeLifetimeMs });
    if (this.#oneTime.length > maxOneTimeTokens) this.#oneTime.shift();
    return token;
  }

  /** Everything that lets a browser in now, for what must not say it. */
  secrets(): string[] {
    return [this.value, ...this.#oneTime.map(({ token }) => token)];
  }

  /** Whether the text is the token. Takes as long whatever the text is. */
  matches(text: string): boolean {
    return sameText(text, this.value);
  }

  /** Whether the text lets a first visit in; uses a one-time token up. */
  redeem(text: string): boolean {
    const index = this.#oneTime.findIndex(({ token }) => sameText(text, token));
    const [oneTime] = index < 0 ? [] : this.#oneTime.splice(index, 1);
    if (oneTime !== undefined) return oneTime.expiresAtMs > this.#now();
    return this.matches(text);
  }
}

function makeToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Digests have one length, which timingSafeEqual needs and which hides the text's. */
function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
