import { fileFieldOf } from '../../contract/config/file-fields.ts';
import type { ChangeEffect, ConfigChange } from '../../contract/config/config-changes.ts';
import { formatConfigYaml } from '../../contract/config/config-text.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { checkConfig } from '../check-request.ts';
import type { ConfigOptions } from '../config-options.ts';
import { withHost } from '../connect.ts';
import { editText } from '../edit-text.ts';
import { formatTable } from '../format.ts';
import { parseConfigFile, readConfigFile } from '../gather-request.ts';
import { resolveLocalPaths } from '../local-paths.ts';
import { mergeRequests } from '../merge-requests.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson, write } from '../output.ts';
import { requestOfOptions } from '../request-of-options.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Options of `edit`. */
export type EditOptions = ConfigOptions & JsonOption & { readonly file?: string };

/** What changed, as the host process answers. */
type Edited = Awaited<ReturnType<HostClient['procedures']['sandboxes']['configure']>>;

/**
 * `skerry edit`: what the options name is changed; a file, or what an editor saves, takes the place
 * of the whole configuration.
 */
export async function edit(name: string, options: EditOptions): Promise<number> {
  const { file, json } = options;
  const fromOptions = resolveLocalPaths(await requestOfOptions(options), process.cwd());
  const fromFile = file === undefined ? undefined : await readConfigFile(file);
  return withHost(async (host) => {
    const sandbox = await host.procedures.sandboxes.inspect({ name });
    const { config } = sandbox;
    const apply = async (whole: Fields): Promise<Edited> =>
      host.procedures.sandboxes.configure({
        name,
        config: checkConfig({ name, image: config.image, ...whole }),
      });
    let edited: Edited | undefined;
    if (fromFile !== undefined || Object.keys(fromOptions).length > 0) {
      edited = await apply(mergeRequests(fromFile ?? config, fromOptions));
    } else {
      const text = formatConfigYaml(config);
      edited = await editText(text, `${name}.yaml`, (saved) => apply(parseConfigFile(saved)));
    }
    const changes = edited?.changes ?? [];
    if (json === true) {
      await printJson({ sandbox: edited?.sandbox ?? sandbox, changes });
    } else if (changes.length === 0) {
      await write(process.stderr, 'Nothing changes.\n');
    } else {
      await print(changesTable(changes));
    }
    return 0;
  });
}

const effects: Readonly<Record<ChangeEffect, string>> = {
  now: 'now',
  'next-start': 'at the next start',
  'new-sandbox': 'with a new sandbox',
};

/** One line per change: the field, and when it applies. */
function changesTable(changes: readonly ConfigChange[]): string {
  return formatTable(changes.map(({ field, effect }) => [fileFieldOf(field), effects[effect]]));
}
