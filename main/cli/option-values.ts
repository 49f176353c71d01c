/** How the values of the options of `config-options.ts` are read. */
import { isLocalPath } from '../contract/config/local-path.ts';
import { readFields } from '../contract/config/yaml-fields.ts';
import { UsageError } from './exit-code.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A volume that an option asks for; whether it is one is for the contract to say. */
export interface VolumeOption {
  readonly target: string;
  readonly volume: Readonly<Record<string, unknown>>;
}

/** A script whose text is given, or the file that has it. */
export type ScriptOption =
  | { readonly name: string; readonly text: unknown }
  | { readonly name: string; readonly file: string };

/** One word as it is; several, and such as have spaces in them, as a JSON array. */
export function parseWords(option: string, text: string): unknown[] {
  if (text.startsWith('[')) {
    try {
      const words: unknown = JSON.parse(text);
      if (Array.isArray(words)) return words;
    } catch {
      // Told below.
    }
  } else if (text !== '' && !/\s/.test(text)) {
    return [text];
  }
  throw wrong(option, text, 'Several words are a JSON array: \'["npm","start"]\'.');
}

/** `./data:/data:rw`, `cache:/cache`, or the same as YAML where a path has a colon in it. */
export function parseVolume(text: string): VolumeOption {
  if (text.startsWith('{')) {
    const { target, ...volume } = parseFlow('--volume', text);
    if (typeof target === 'string') return { target, volume };
    throw wrong('--volume', text, "It needs a target: '{ target: /data, bind: ./data }'.");
  }
  const parts = /^([^:]+):([^:]+)(?::(ro|rw))?$/.exec(text);
  if (parts === null) {
    const form = "with other colons '{ target: /data, bind: /a:b }'";
    throw wrong('--volume', text, `It is SOURCE:TARGET, with :ro or :rw behind it; ${form}.`);
  }
  const [, source = '', target = '', access] = parts;
  const volume = { ...sourceOf(source, text), ...(access === undefined ? {} : { access }) };
  return { target, volume };
}

function sourceOf(source: string, text: string): { bind: string } | { named: string } {
  if (isLocalPath(source)) return { bind: source };
  if (source.startsWith('.')) return { bind: `./${source}` };
  if (!source.includes('/') && !source.startsWith('~')) return { named: source };
  throw wrong('--volume', text, `A path begins with "/", "./", "../" or "~/": ./${source}`);
}

/** `/scratch` or `/scratch:64`. */
export function parseTmpfs(text: string): VolumeOption {
  const [, target = text, size] = /^(.*):(\d+)$/s.exec(text) ?? [];
  return { target, volume: { tmpfs: size === undefined ? {} : { sizeMiB: Number(size) } } };
}

/** `greet=echo hello`, `greet=@greet.sh`, or `{ name: greet, text: "echo hello" }`. */
export function parseScript(text: string): ScriptOption {
  if (text.startsWith('{')) {
    const { name, text: content, ...others } = parseFlow('--script', text);
    if (typeof name === 'string' && Object.keys(others).length === 0)
      return { name, text: content };
    throw wrong('--script', text, 'It has a name and a text: \'{ name: greet, text: "true" }\'.');
  }
  const equals = text.indexOf('=');
  if (equals <= 0) throw wrong('--script', text, 'It is NAME=TEXT or NAME=@FILE.');
  const name = text.slice(0, equals);
  const content = text.slice(equals + 1);
  return content.startsWith('@') ? { name, file: content.slice(1) } : { name, text: content };
}

/** `{ kind: mkdir, path: /srv }`. */
export function parsePatch(text: string): Fields {
  return parseFlow('--patch', text);
}

/** `{ action: deny, destination: private }`. */
export function parseRule(text: string): Fields {
  return parseFlow('--net-rule', text);
}

function parseFlow(option: string, text: string): Fields {
  const read = readFields(text);
  if (read.ok) return read.fields;
  throw wrong(option, text, read.problem);
}

function wrong(option: string, text: string, what: string): UsageError {
  return new UsageError(`The option ${option} cannot be '${text}'. ${what}`);
}
