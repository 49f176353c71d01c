/** Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option } from 'commander';

/** Options of `exec`, and of the command that `run` runs. */
export interface CommandOptions {
  readonly tty?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly workdir?: string;
  readonly user?: string;
}

/** Options of `serve`; the last two are for the command itself. */
export interface ServeOptions {
  readonly port?: number;
  readonly open?: boolean;
  /** Serve programs alone until one asks for the address. */
  readonly background?: boolean;
  /** Descriptor to say on that it serves; see start-background-host.ts. */
  readonly readyFd?: number;
}

/** Options of what prints a result. */
export interface JsonOption {
  readonly json?: boolean;
}

/** An option for the program's own use. */
export function hidden(flags: string): Option {
  return new Option(flags).hideHelp();
}

/** The range is the engine's to check, which knows it. */
export function parseNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** A number that may have a fraction; the range is the engine's to check. */
export function parseRate(text: string): number {
  if (!/^\d+(?:\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
}

/** Bytes: `500MiB`, `20G`, `1.5 TiB`. Units are powers of 1024, as sizes are printed. */
export function parseSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  const bytes = Math.round(Number(number) * 1024 ** ' KMGT'.indexOf(unit.toUpperCase() || ' '));
  if (!Number.isSafeInteger(bytes) || bytes === 0) {
    throw new InvalidArgumentError('A size is written as 500MiB or 20GiB.');
  }
  return bytes;
}

/** A port number, 0 for any free one. */
export function parsePort(text: string): number {
  const port = parseNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('A port is at most 65535.');
  return port;
}

/** Collects `KEY=value` arguments. */
export function addVariable(
  text: string,
  earlier?: Record<string, string>,
): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('It must be written as KEY=value.');
  const name = text.slice(0, equals);
  if (name === '__proto__') throw new InvalidArgumentError('"__proto__" cannot be a name here.');
  return { ...earlier, [name]: text.slice(equals + 1) };
}

/** Collects arguments in the order in which they are given. */
export function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}
