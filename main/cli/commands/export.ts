import { withHost } from '../connect.ts';
import { print } from '../output.ts';
import { formatConfig, type ConfigFormat } from './dry-run.ts';

/** `skerry export`: the file of which `create` makes the same sandbox. */
export function exportConfig(
  name: string,
  { format = 'yaml' }: { readonly format?: ConfigFormat },
): Promise<number> {
  return withHost(async (host) => {
    const { config } = await host.procedures.sandboxes.inspect({ name });
    await print(formatConfig(config, format));
    return 0;
  });
}
