/** What a sandbox is to be: a preset, a file over it, and the options over both. */
import { parseConfigText } from '../contract/config/config-text.ts';
import { clientError } from '../server/client/client-error.ts';
import type { HostClient } from '../server/client/host-client.ts';
import type { ConfigOptions } from './config-options.ts';
import { resolveLocalPaths } from './local-paths.ts';
import { mergeRequests } from './merge-requests.ts';
import { directoryOfFile, nameOfFile, readText } from './read-text.ts';
import { requestOfOptions } from './request-of-options.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Options of `create` and `run` that say where a description comes from. */
export interface SourceOptions extends ConfigOptions {
  readonly file?: string;
  readonly preset?: string;
  readonly replace?: boolean;
}

/**
 * What the file and the options say, with absolute paths; it may lack anything and is not checked.
 * @throws ClientError `config/unreadable`
 */
export async function readRequest(options: SourceOptions, name?: string): Promise<Fields> {
  const fromFile = options.file === undefined ? {} : await readConfigFile(options.file);
  const fromOptions = resolveLocalPaths(await requestOfOptions(options), process.cwd());
  const merged = mergeRequests(fromFile, fromOptions);
  return {
    ...merged,
    ...(name !== undefined && { name }),
    ...(options.replace === true && { replace: true }),
  };
}

/** What a file says, with absolute paths. @throws ClientError `config/unreadable` with the line */
export async function readConfigFile(file: string): Promise<Fields> {
  return parseConfigFile(await readText(file), file);
}

/** What the text of a file says, or of an editor, which means the working directory. */
export function parseConfigFile(text: string, file?: string): Fields {
  const parsed = parseConfigText(text);
  if (!parsed.ok) {
    const name = file === undefined ? 'The text' : nameOfFile(file);
    throw clientError('config/unreadable', `${name}: ${parsed.problem}`);
  }
  return resolveLocalPaths(
    parsed.request,
    file === undefined ? process.cwd() : directoryOfFile(file),
  );
}

/** A request over the preset that is named, if one is. @throws ClientError `preset/not-found` */
export async function overPreset(
  host: HostClient,
  preset: string | undefined,
  request: Fields,
): Promise<Fields> {
  if (preset === undefined) return request;
  const presets = await host.procedures.presets.list();
  const found = presets.find(({ name }) => name === preset);
  if (found === undefined) {
    throw clientError('preset/not-found', `There is no preset named "${preset}".`);
  }
  return mergeRequests(found.request, request);
}
