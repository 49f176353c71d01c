/** A configuration as the command that makes the same sandbox, with nothing that is a default. Pure. */
import { sandboxConfigSchema, type SandboxConfig } from '../sandbox-config.ts';
import { formatYamlLine } from './config-text.ts';
import type { NetworkRule } from './network-rule.ts';
import type { Patch } from './patch.ts';
import type { Volume } from './volume.ts';

const defaults = sandboxConfigSchema.parse({ name: 'name', image: 'image' });

/** The `skerry create` that makes the same sandbox, quoted for a POSIX shell. */
export function formatCommandLine(config: SandboxConfig): string {
  return commandWords(config).map(quoteForShell).join(' ');
}

/** The words of {@link formatCommandLine}, before they are quoted. */
export function commandWords(config: SandboxConfig): string[] {
  const words = ['skerry', 'create', config.name, '--image', config.image];
  const add = (flag: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(flag, String(value));
  };
  type Simple = 'cpus' | 'memoryMiB' | 'rootDiskMiB' | 'shell' | 'pullPolicy';
  const addChanged = (flag: string, field: Simple) => {
    if (config[field] !== defaults[field]) add(flag, config[field]);
  };
  const addEach = (flag: string, values: readonly string[]) => {
    for (const value of values) words.push(flag, value);
  };
  addRootWords(config.root, words);
  addChanged('--cpus', 'cpus');
  addChanged('--memory', 'memoryMiB');
  addChanged('--disk', 'rootDiskMiB');
  add('--workdir', config.workdir);
  addChanged('--shell', 'shell');
  add('--user', config.user);
  add('--hostname', config.hostname);
  if (config.entrypoint !== undefined) add('--entrypoint', wordsOfArguments(config.entrypoint));
  if (config.cmd !== undefined) add('--cmd', wordsOfArguments(config.cmd));
  for (const [name, value] of Object.entries(config.env)) add('--env', `${name}=${value}`);
  for (const [target, volume] of Object.entries(config.volumes)) {
    words.push(...wordsOfVolume(target, volume));
  }
  if (config.network.policy !== defaults.network.policy) add('--net', config.network.policy);
  addEach('--allow', config.network.allow);
  addEach('--deny', config.network.deny);
  addEach('--net-rule', config.network.rules.map(wordOfRule));
  addEach('--port', config.network.ports);
  add('--upload', config.network.bandwidth.upload);
  add('--download', config.network.bandwidth.download);
  for (const [name, text] of Object.entries(config.scripts)) {
    add('--script', wordOfScript(name, text));
  }
  addEach('--patch', config.patches.map(wordOfPatch));
  for (const [key, value] of Object.entries(config.labels)) add('--label', `${key}=${value}`);
  addChanged('--pull', 'pullPolicy');
  add('--suspend-after', config.suspendAfterIdleMinutes);
  return words;
}

function addRootWords(root: SandboxConfig['root'], words: string[]): void {
  const { access, format, partition, fork, allowBackingFiles } = root;
  if (access !== undefined) words.push('--root-access', access);
  if (format !== undefined) words.push('--disk-format', format);
  if (partition !== undefined) words.push('--partition', String(partition));
  if (fork !== undefined) words.push(fork ? '--fork' : '--no-fork');
  if (allowBackingFiles !== undefined) {
    words.push(allowBackingFiles ? '--allow-backing-files' : '--no-allow-backing-files');
  }
}

/** One plain word as it is, everything else as a JSON array. */
function wordsOfArguments(values: readonly string[]): string {
  const [only] = values;
  const isPlain = values.length === 1 && only !== undefined && /^[^\s[][^\s]*$/.test(only);
  return isPlain ? only : JSON.stringify(values);
}

function wordsOfVolume(target: string, { bind, named, tmpfs, access }: Volume): string[] {
  if (tmpfs !== undefined) return ['--tmpfs', `${target}:${String(tmpfs.sizeMiB)}`];
  const source = bind ?? named ?? '';
  const isDefault = access === undefined || access === (bind === undefined ? 'rw' : 'ro');
  if (target.includes(':') || source.includes(':')) {
    const kind = bind === undefined ? { named } : { bind };
    return ['--volume', formatYamlLine({ target, ...kind, access })];
  }
  return ['--volume', `${source}:${target}${isDefault ? '' : `:${access}`}`];
}

/** A text that would be read as a file's name, or that a terminal would not paste, goes as YAML. */
function wordOfScript(name: string, text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  const isPlain = !/^@|[\u0000-\u0008\u000b-\u001f\u007f]/.test(text);
  return isPlain ? `${name}=${text}` : formatYamlLine({ name, text });
}

/** Without what is a default. */
function wordOfRule({ action, direction, destination, protocols, ports }: NetworkRule): string {
  return formatYamlLine({
    action,
    ...(direction === 'egress' ? {} : { direction }),
    ...(destination === 'any' ? {} : { destination }),
    ...(protocols.length === 0 ? {} : { protocols }),
    ...(ports.length === 0 ? {} : { ports }),
  });
}

function wordOfPatch(patch: Patch): string {
  if (!('replace' in patch) || patch.replace) return formatYamlLine(patch);
  const { replace: _default, ...rest } = patch;
  return formatYamlLine(rest);
}

/** A word as a POSIX shell reads it back: POSIX.1-2017, Shell Command Language, 2.2.2. */
function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
