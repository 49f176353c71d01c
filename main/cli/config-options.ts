/** Options that say what a sandbox is. Their values are read by `option-values.ts`, when it is made. */
import { Option, type Command } from 'commander';
import { addVariable, collect, parseNumber, parseRate } from './options.ts';

/** What the options say; unset ones leave the file, the preset or the default as it is. */
export interface ConfigOptions {
  readonly image?: string;
  readonly cpus?: number;
  /** MiB */
  readonly memory?: number;
  /** MiB */
  readonly disk?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly envFile?: readonly string[];
  readonly workdir?: string;
  readonly shell?: string;
  readonly user?: string;
  readonly hostname?: string;
  readonly entrypoint?: string;
  readonly cmd?: string;
  readonly volume?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly script?: readonly string[];
  readonly patch?: readonly string[];
  readonly label?: Readonly<Record<string, string>>;
  readonly pull?: string;
  /** Minutes */
  readonly suspendAfter?: number;
  readonly net?: string;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly netRule?: readonly string[];
  readonly port?: readonly string[];
  /** Mbit/s */
  readonly upload?: number;
  /** Mbit/s */
  readonly download?: number;
  readonly rootAccess?: string;
  readonly fork?: boolean;
  readonly diskFormat?: string;
  readonly partition?: number;
  readonly allowBackingFiles?: boolean;
}

/** Adds an option for every field of a configuration but its name and image. */
export function withConfigOptions(command: Command): Command {
  return command
    .optionsGroup('Resources:')
    .option('--cpus <n>', 'virtual CPUs', parseNumber)
    .option('--memory <mib>', 'memory in MiB', parseNumber)
    .option('--disk <mib>', 'writable disk in MiB', parseNumber)
    .option('--suspend-after <minutes>', 'suspend to disk when idle for so long', parseNumber)
    .optionsGroup('Commands in it:')
    .option('-e, --env <key=value>', 'environment variable; may be given again', addVariable)
    .option('--env-file <file>', 'variables of a .env file; may be given again', collect)
    .option('-w, --workdir <dir>', 'directory that commands start in')
    .option('-u, --user <user>', 'name or number, with :group if wanted')
    .option('--shell <path>', 'shell of the sandbox')
    .option('--hostname <name>', 'host name; made of the name otherwise')
    .option('--entrypoint <words>', 'one word, or a JSON array: \'["npm","start"]\'')
    .option('--cmd <words>', "in the place of the image's own; written as --entrypoint")
    .option('--script <name=text>', 'script on its PATH; NAME=@FILE reads a file', collect)
    .optionsGroup('Files:')
    .option(
      '-v, --volume <source:target[:ro|rw]>',
      'mount a path of this machine, or a named volume; may be given again',
      collect,
    )
    .option('--tmpfs <target[:mib]>', 'mount memory; may be given again', collect)
    .option(
      '--patch <patch>',
      'change the root once: \'{ kind: mkdir, path: /srv, mode: "0755" }\'; may be given again',
      collect,
    )
    .optionsGroup('Network:')
    .option('--net <policy>', 'none, public, allow-list or all')
    .option(
      '--allow <destination>',
      'name, *.name, address or CIDR that it may reach; may be given again',
      collect,
    )
    .option('--deny <destination>', 'likewise, what it may not reach; may be given again', collect)
    .option(
      '--net-rule <rule>',
      "rule that comes first: '{ action: deny, destination: private, ports: [22] }'; may be given again",
      collect,
    )
    .option('-p, --port <host:guest[/udp]>', 'publish a port; may be given again', collect)
    .option('--upload <mbit>', 'most that it sends, in Mbit/s', parseRate)
    .option('--download <mbit>', 'most that it is sent, in Mbit/s', parseRate)
    .optionsGroup('Root:')
    .option('--pull <policy>', 'always, if-missing or never')
    .option('--root-access <ro|rw>', 'of a directory: ro leaves its files as they are')
    .option('--disk-format <format>', 'of a disk image: raw, qcow2 or vmdk; looked at otherwise')
    .option('--partition <n>', 'of a disk image: which one is the root', parseNumber)
    .option('--fork', 'of a disk image: write to an overlay and leave the image as it is')
    .addOption(new Option('--no-fork', 'write to the image itself').hideHelp())
    .option('--allow-backing-files', 'of a disk image: files that it names may be opened as well')
    .addOption(new Option('--no-allow-backing-files').hideHelp())
    .optionsGroup('To find it by:')
    .option('--label <key=value>', 'label; may be given again', addVariable);
}
