import { isFields } from './local-paths.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Fields whose own fields are merged one by one. */
const maps: ReadonlySet<string> = new Set([
  'env',
  'volumes',
  'scripts',
  'labels',
  'root',
  'network',
  'bandwidth',
]);
/** Lists that grow; other lists (`cmd`) are one value. */
const growing: ReadonlySet<string> = new Set(['patches', 'allow', 'deny', 'rules', 'ports']);

/** What two descriptions of a sandbox say together; the second one wins, name by name. */
export function mergeRequests(base: Fields, over: Fields): Fields {
  const entries = Object.entries(over).map(([field, value]) => {
    const earlier = Object.hasOwn(base, field) ? base[field] : undefined;
    if (growing.has(field) && Array.isArray(earlier) && Array.isArray(value)) {
      return [field, [...(earlier as unknown[]), ...(value as unknown[])]];
    }
    if (!maps.has(field) || !isFields(earlier) || !isFields(value)) return [field, value];
    return [field, field === 'network' ? mergeRequests(earlier, value) : { ...earlier, ...value }];
  });
  return { ...base, ...Object.fromEntries(entries) } as Fields;
}
