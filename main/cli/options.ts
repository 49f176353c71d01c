/** Options that several commands share, and how their values are read. */
import { InvalidArgumentError, Option, type Command } from 'commander';

/** Options of `create` and `run` that say what the sandbox is; unset ones take the defaults. */
export interface ConfigOptions {
  readonly cpus?: number;
  /** MiB */
  readonly memory?: number;
  /** MiB */
  readonly disk?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly workdir?: string;
  readonly shell?: string;
}

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

/** Adds the options of {@link ConfigOptions}. */
export function withConfigOptions(command: Command): Command {
  return command
    .option('--cpus <n>', 'virtual CPUs', parseNumber)
    .option('--memory <mib>', 'memory in MiB', parseNumber)
    .option('--disk <mib>', 'writable disk in MiB', parseNumber)
    .option('-e, --env <key=value>', 'environment variable; may be given again', addVariable)
    .option('-w, --workdir <dir>', 'directory that commands start in')
    .option('--shell <path>', 'shell of the sandbox');
}

/** An option for the program's own use. */
export function hidden(flags: string): Option {
  return new Option(flags).hideHelp();
}

/** The range is the engine's to check, which knows it. */
function parseNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
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
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) };
}
