/** A configuration as a command line and as YAML, with nothing that is a default anyway. Pure. */
import { sandboxConfigSchema, type SandboxConfig } from '../../../main/contract/sandbox-config.ts';

const defaults = sandboxConfigSchema.parse({ name: 'name', image: 'image' });

/** The `skerry create` that makes the same sandbox, quoted for a POSIX shell. */
export function formatCommandLine(config: SandboxConfig): string {
  const words = ['skerry', 'create', config.name, '--image', config.image];
  const add = (flag: string, value: string | number) => words.push(flag, String(value));
  if (config.cpus !== defaults.cpus) add('--cpus', config.cpus);
  if (config.memoryMiB !== defaults.memoryMiB) add('--memory', config.memoryMiB);
  if (config.rootDiskMiB !== defaults.rootDiskMiB) add('--disk', config.rootDiskMiB);
  if (config.workdir !== undefined) add('--workdir', config.workdir);
  if (config.shell !== defaults.shell) add('--shell', config.shell);
  for (const [name, value] of Object.entries(config.env)) add('--env', `${name}=${value}`);
  return words.map(quoteForShell).join(' ');
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The configuration as YAML 1.2, in which every JSON string is a string as well. */
export function formatYaml(config: SandboxConfig): string {
  const lines = [
    `name: ${quoteForYaml(config.name)}`,
    `image: ${quoteForYaml(config.image)}`,
    `cpus: ${String(config.cpus)}`,
    `memoryMiB: ${String(config.memoryMiB)}`,
    `rootDiskMiB: ${String(config.rootDiskMiB)}`,
  ];
  if (config.workdir !== undefined) lines.push(`workdir: ${quoteForYaml(config.workdir)}`);
  lines.push(`shell: ${quoteForYaml(config.shell)}`);
  const variables = Object.entries(config.env);
  if (variables.length > 0) lines.push('env:');
  for (const [name, value] of variables) {
    lines.push(`  ${quoteForYaml(name)}: ${quoteForYaml(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Words that YAML reads as something else than a string, in its old version too. */
const reserved = /^(?:true|false|yes|no|on|off|null|y|n|~)$/i;

function quoteForYaml(text: string): string {
  const isPlain = /^[A-Za-z/][\w./@-]*(?::[\w./@-]+)*$/.test(text) && !reserved.test(text);
  return isPlain ? text : JSON.stringify(text);
}
