import { parseEnv } from 'node:util';
import { clientError } from '../server/client/client-error.ts';
import type { ConfigOptions } from './config-options.ts';
import { UsageError } from './exit-code.ts';
import { parseRuleOptions } from './network-options.ts';
import {
  parsePatch,
  parseScript,
  parseTmpfs,
  parseVolume,
  parseWords,
  type ScriptOption,
} from './option-values.ts';
import { readText } from './read-text.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What the options say, as a request that may lack anything. Reads the files that they name.
 * @throws UsageError where one makes no sense or two contradict; ClientError `config/unreadable`
 */
export async function requestOfOptions(options: ConfigOptions): Promise<Fields> {
  const { entrypoint, cmd } = options;
  const env = { ...(await variablesOfFiles(options.envFile ?? [])), ...options.env };
  const volumes = [
    ...(options.volume ?? []).map(parseVolume),
    ...(options.tmpfs ?? []).map(parseTmpfs),
  ];
  const scripts = await Promise.all((options.script ?? []).map(parseScript).map(textOfScript));
  return withoutUnset({
    image: options.image,
    cpus: options.cpus,
    memoryMiB: options.memory,
    rootDiskMiB: options.disk,
    workdir: options.workdir,
    shell: options.shell,
    user: options.user,
    hostname: options.hostname,
    entrypoint: entrypoint === undefined ? undefined : parseWords('--entrypoint', entrypoint),
    cmd: cmd === undefined ? undefined : parseWords('--cmd', cmd),
    env: filled(env),
    volumes: filled(
      byName(
        volumes.map(({ target, volume }) => [target, volume]),
        'mounted at',
      ),
    ),
    scripts: filled(byName(scripts, 'the script')),
    patches: options.patch?.map(parsePatch),
    labels: options.label,
    pullPolicy: options.pull,
    suspendAfterIdleMinutes: options.suspendAfter,
    network: filled(withoutUnset({ ...parseRuleOptions(options), ports: options.port })),
    root: filled(
      withoutUnset({
        access: options.rootAccess,
        format: options.diskFormat,
        partition: options.partition,
        fork: options.fork,
        allowBackingFiles: options.allowBackingFiles,
      }),
    ),
  });
}

function withoutUnset(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function filled(fields: Fields): Fields | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function byName(entries: readonly (readonly [string, unknown])[], what: string): Fields {
  const seen = new Set<string>();
  for (const [name] of entries) {
    if (seen.has(name))
      throw new UsageError(`Two options say what is ${what} "${name}"; give one.`);
    seen.add(name);
  }
  return Object.fromEntries(entries);
}

async function textOfScript(script: ScriptOption): Promise<readonly [string, unknown]> {
  return [script.name, 'file' in script ? await readText(script.file) : script.text];
}

/** Of `.env` files; a later one wins. */
async function variablesOfFiles(files: readonly string[]): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const file of files) {
    const text = await readText(file);
    if (/^\s*(?:export\s+)?__proto__\s*=/m.test(text)) {
      throw clientError('config/unreadable', `${file}: "__proto__" cannot be a name here.`);
    }
    Object.assign(variables, parseEnv(text));
  }
  return variables;
}
