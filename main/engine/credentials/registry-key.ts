/** How files and helpers of other programs name registries. */

/** The default registry. */
export const dockerHub = 'docker.io';

/** Docker names it by a server of its first API. */
const hubAliases = [`index.${dockerHub}`, `registry-1.${dockerHub}`];

/** What a key of `auths` or `credHelpers` is for: a registry, or repositories below a path of it. */
export interface RegistryKey {
  readonly registry: string;
  /** `team/app`; empty for the whole registry. */
  readonly path: string;
}

/** Reads a key: a host, `host/namespace`, or a URL, whose path is the API's and no repository's. */
export function parseRegistryKey(key: string): RegistryKey {
  const withoutScheme = key.replace(/^https?:\/\//i, '');
  const slash = withoutScheme.indexOf('/');
  const host = (slash < 0 ? withoutScheme : withoutScheme.slice(0, slash)).toLowerCase();
  const rest = slash < 0 ? '' : withoutScheme.slice(slash + 1).replace(/\/+$/, '');
  const isApi = withoutScheme !== key || /^v[12]$/.test(rest);
  return { registry: hubAliases.includes(host) ? dockerHub : host, path: isApi ? '' : rest };
}

/** What Docker asks its helpers for. */
export function dockerServerUrl(registry: string): string {
  return registry === dockerHub ? `https://index.${dockerHub}/v1/` : registry;
}

/**
 * The value under the most specific key for a repository; of equal ones the registry's plain name
 * wins, then the first. Without a repository only keys for the whole registry count.
 */
export function findByRegistry<Value>(
  values: Readonly<Record<string, Value>>,
  registry: string,
  repository?: string,
): { readonly key: string; readonly value: Value } | undefined {
  let best: { key: string; value: Value; length: number } | undefined;
  for (const [key, value] of Object.entries(values)) {
    const parsed = parseRegistryKey(key);
    if (parsed.registry !== registry || !covers(parsed.path, repository)) continue;
    const { length } = parsed.path;
    const isBetter = best === undefined || length > best.length;
    if (isBetter || (length === best?.length && key === registry)) best = { key, value, length };
  }
  return best && { key: best.key, value: best.value };
}

function covers(path: string, repository: string | undefined): boolean {
  if (path === '') return true;
  return repository === path || repository?.startsWith(`${path}/`) === true;
}
