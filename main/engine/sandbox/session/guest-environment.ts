/** What a command in a sandbox runs with: the image's defaults below, the sandbox's and the request's above. */
import type { SandboxConfig } from '../../../contract/sandbox-config.ts';
import type { ExecRequest, ShellRequest } from '../../../contract/session.ts';
import type { AgentExec } from '../../agent/agent.ts';
import { pathWithScripts } from '../plan-boot.ts';
import type { ImageDefaults } from '../../snapshot/root-record.ts';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Variables that describe the terminal of Skerry's own windows. */
const terminalEnvironment = (version: string) => ({
  ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor' },
  ...{ TERM_PROGRAM: 'skerry', TERM_PROGRAM_VERSION: version },
});
/**
 * Have bash mark its prompts and commands (OSC 133, as FinalTerm made them): `A` before a prompt, `C`
 * before the output of a command, `D` and its exit code after it. No file of the image changes, and
 * a .bashrc that sets the same goes first. Other shells do not know these variables; a prompt for
 * them (PS1) would be handed on to shells that read it otherwise.
 */
const shellMarks = {
  PROMPT_COMMAND: String.raw`printf '\033]133;D;%s\007\033]133;A\007' "$?"`,
  PS0: String.raw`\e]133;C\a`,
};
/** Each says what the bytes of a terminal mean (POSIX, 8.2). */
const localeVariables = ['LANG', 'LC_ALL', 'LC_CTYPE'];
/** UTF-8 and nothing else of a language; every C library has it. */
const utf8Environment = { LANG: 'C.UTF-8' };

/** A sandbox as far as its commands are concerned. */
export interface CommandContext {
  readonly config: Pick<
    SandboxConfig,
    'env' | 'workdir' | 'shell' | 'user' | 'entrypoint' | 'cmd' | 'scripts'
  >;
  readonly image: ImageDefaults;
  /** Of Skerry: programs ask it of their terminal. */
  readonly version: string;
}

/**
 * The command of an exec; without one of its own, what the sandbox runs, or else the shell.
 * @param defaults variables that the image and all above it win over
 */
export function planExec(
  request: ExecRequest,
  context: CommandContext,
  defaults: Readonly<Record<string, string>> = {},
): AgentExec {
  const { config, image, version } = context;
  const user = request.user ?? config.user ?? image.user;
  const env = {
    PATH: defaultPath,
    ...(request.tty === undefined ? {} : terminalEnvironment(version)),
    ...defaults,
    ...parseEnvironment(image.env),
    ...config.env,
  };
  const all = { ...env, ...request.env };
  const needsLocale = request.tty !== undefined && !localeVariables.some((name) => name in all);
  const hasScripts = Object.keys(config.scripts).length > 0;
  return {
    command: request.command.length > 0 ? request.command : defaultCommand(context),
    env: {
      ...env,
      ...(needsLocale ? utf8Environment : {}),
      ...(hasScripts ? { PATH: pathWithScripts(env.PATH) } : {}),
      ...request.env,
    },
    workdir: request.workdir ?? config.workdir ?? nonEmpty(image.workdir) ?? '/',
    ...(user === undefined || user === '' ? {} : { user }),
    ...(request.tty === undefined ? {} : { tty: request.tty }),
  };
}

/** As Docker combines them: an entrypoint of the sandbox leaves the image's cmd behind. */
function defaultCommand({ config, image }: CommandContext): readonly string[] {
  const entrypoint = config.entrypoint ?? image.entrypoint;
  const cmd = config.cmd ?? (config.entrypoint === undefined ? image.cmd : []);
  const command = [...entrypoint, ...cmd];
  return command.length > 0 ? command : [config.shell];
}

/**
 * A shell, the sandbox's own unless another is named: interactive without a script, else `-c`. Not a
 * login shell, because /etc/profile of many images sets PATH anew and loses what the image's own
 * PATH names.
 */
export function planShell(
  request: ShellRequest,
  context: CommandContext,
  shell = context.config.shell,
): AgentExec {
  const isInteractive = request.script === undefined && request.tty !== undefined;
  const command = request.script === undefined ? [shell] : [shell, '-c', request.script];
  const tty = request.tty === undefined ? {} : { tty: request.tty };
  const defaults = isInteractive ? shellMarks : {};
  return planExec({ name: request.name, command, ...tty }, context, defaults);
}

/** `KEY=value` lines of an image's configuration; later ones win, lines without `=` are dropped. */
function parseEnvironment(lines: readonly string[]): Record<string, string> {
  const entries = lines
    .map((line) => [line.indexOf('='), line] as const)
    .filter(([at]) => at > 0)
    .map(([at, line]) => [line.slice(0, at), line.slice(at + 1)] as const);
  return Object.fromEntries(entries);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
