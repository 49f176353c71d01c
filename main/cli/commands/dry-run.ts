/** A configuration looked at with nothing made of it, by the host process or without one. */
import { formatConfigJson, formatConfigYaml } from '../../contract/config/config-text.ts';
import { fileFieldOf } from '../../contract/config/file-fields.ts';
import type { ConfigReport } from '../../contract/config/config-report.ts';
import { parseCreateRequest } from '../../contract/config/parse-config.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import { buildConfig } from '../../engine/index.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { problemsError } from '../check-request.ts';
import { currentPaths, findRunningHost, withHost } from '../connect.ts';
import { printable } from '../format.ts';
import { overPreset } from '../gather-request.ts';
import { print, write } from '../output.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Forms in which a configuration is printed. */
export const configFormats = ['yaml', 'json'] as const;

/** One of {@link configFormats}. */
export type ConfigFormat = (typeof configFormats)[number];

/** A configuration in its file form. */
export function formatConfig(config: SandboxConfig, format: ConfigFormat): string {
  return format === 'json' ? formatConfigJson(config) : formatConfigYaml(config);
}

/**
 * `skerry create --dry-run`: the complete configuration on stdout, what is worth knowing on stderr.
 * @throws ClientError `config/invalid` with every problem
 */
export async function dryRun(
  written: Fields,
  preset: string | undefined,
  format: ConfigFormat,
): Promise<number> {
  const { config, problems, notes } = await report(written, preset);
  if (problems.length > 0 || config === undefined) throw problemsError('config/invalid', problems);
  for (const { path, message } of notes) {
    await write(process.stderr, `skerry: ${printable(`${fileFieldOf(path)}: ${message}`)}\n`);
  }
  await print(formatConfig(config, format));
  return 0;
}

/** Where no host process runs none is started, but for a preset, which it alone knows. */
async function report(written: Fields, preset: string | undefined): Promise<ConfigReport> {
  if (preset !== undefined) {
    return withHost(async (host) => ask(host, await overPreset(host, preset, written)));
  }
  const paths = currentPaths();
  const running = await findRunningHost(paths.stateDir);
  if (running === undefined) return buildConfig(written, { paths });
  try {
    return await ask(running.client, written);
  } finally {
    running.client.close();
  }
}

async function ask(host: HostClient, request: Fields): Promise<ConfigReport> {
  // What the contract alone finds wrong need not be sent, and may not arrive.
  const { problems } = parseCreateRequest(request);
  if (problems.length > 0) return { problems: [...problems], notes: [] };
  return host.procedures.config.build(request);
}
