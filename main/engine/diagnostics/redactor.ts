/** Takes secrets out of texts, and counts what it took. Pure. */
import {
  findSecretPatterns,
  isSecretName,
  type SecretKind,
  type SecretSpan,
} from './secret-patterns.ts';

/** A secret that is known by its value. */
export interface KnownSecret {
  readonly value: string;
  readonly kind: SecretKind;
}

/** What stands where a secret was. */
export const redactedMark = '[redacted]';

/** Shorter values (`1`, `true`, `C.UTF-8`'s parts) are in every text and say nothing. */
const minSecretLength = 6;

const words: Readonly<Record<SecretKind, readonly [one: string, several: string]>> = {
  variable: ['value of a variable', 'values of variables'],
  token: ['token', 'tokens'],
  header: ['header with a credential', 'headers with credentials'],
  url: ['password in an address', 'passwords in addresses'],
  password: ['password or key by its name', 'passwords or keys by their names'],
  key: ['private key', 'private keys'],
};

/** One for all texts of a bundle. */
export class Redactor {
  readonly #known = new Map<string, SecretKind>();
  readonly #counts = new Map<SecretKind, number>();
  readonly #home: string;

  /** @param home the user's home directory, which becomes `~` */
  constructor(secrets: Iterable<KnownSecret>, home: string) {
    for (const { value, kind } of secrets) {
      for (const form of formsOf(value)) this.#known.set(form, kind);
    }
    this.#home = home;
  }

  /** The text without secrets, and with the home directory as `~`. */
  redact(text: string): string {
    let kept = '';
    let from = 0;
    for (const { start, end, kind } of merge([...findSecretPatterns(text), ...this.#find(text)])) {
      kept += `${text.slice(from, start)}${redactedMark}`;
      from = end;
      this.#count(kind);
    }
    return shortenHome(kept + text.slice(from), this.#home);
  }

  /** The JSON value without secrets; it stays JSON. */
  redactJson(value: unknown, name = ''): unknown {
    if (typeof value === 'string') {
      return isSecretName(name) && value !== redactedMark ? this.#hide() : this.redact(value);
    }
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) =>
        this.redactJson(item, isSecretOption(value[index - 1]) ? String(value[index - 1]) : name),
      );
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.redact(key), this.redactJson(item, key)]),
    );
  }

  /** What was taken out so far, in words: `12 values of variables`. */
  describe(): string[] {
    return [...this.#counts].map(
      ([kind, count]) => `${String(count)} ${words[kind][count === 1 ? 0 : 1]}`,
    );
  }

  #hide(): string {
    this.#count('password');
    return redactedMark;
  }

  #count(kind: SecretKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  #find(text: string): SecretSpan[] {
    const spans: SecretSpan[] = [];
    for (const [form, kind] of this.#known) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
        spans.push({ start: at, end: at + form.length, kind });
      }
    }
    return spans;
  }
}

/** `--password`, whose value is the next argument. */
function isSecretOption(argument: unknown): boolean {
  return (
    typeof argument === 'string' && /^--?[\w-]{1,64}$/.test(argument) && isSecretName(argument)
  );
}

/** `/home/dev/file` is `~/file`; `/home/developer` is another directory. */
function shortenHome(text: string, home: string): string {
  if (home.length < 2) return text;
  return text.replaceAll(home, (match, at: number) =>
    /[\w.-]/.test(text.charAt(at + match.length)) ? match : '~',
  );
}

/** A value as logs, addresses and headers write it; and each line of it, as a screen shows it. */
function formsOf(value: string): string[] {
  const lines = [value, ...value.split(/[\r\n]+/).map((line) => line.trim())];
  return lines
    .filter((line) => line.length >= minSecretLength)
    .flatMap((line) => {
      const asJson = JSON.stringify(line).slice(1, -1);
      const base64 = Buffer.from(line).toString('base64').replace(/=+$/, '');
      return [
        ...[line, asJson, JSON.stringify(asJson).slice(1, -1)],
        ...[encodeURIComponent(line.toWellFormed()), base64],
      ];
    });
}

/** Spans in order; those that touch become one, of the kind of the first. */
function merge(spans: SecretSpan[]): SecretSpan[] {
  const merged: SecretSpan[] = [];
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { ...last, end: span.end };
  }
  return merged;
}
