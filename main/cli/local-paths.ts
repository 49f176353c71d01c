import path from 'node:path';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A request whose relative paths of this machine are those of a directory: its image, what its
 * volumes bind and what its patches copy. `~` is left for the engine. What is no request stays as it
 * is, for the contract to refuse.
 */
export function resolveLocalPaths(request: Fields, directory: string): Fields {
  const resolve = (value: unknown): unknown =>
    typeof value === 'string' && /^\.{1,2}(?:\/|$)/.test(value)
      ? path.resolve(directory, value)
      : value;
  const withPath = (value: unknown, key: string): unknown =>
    isFields(value) && Object.hasOwn(value, key) ? { ...value, [key]: resolve(value[key]) } : value;
  return Object.fromEntries(
    Object.entries(request).map(([field, value]) => {
      if (field === 'image') return [field, resolve(value)];
      if (field === 'volumes' && isFields(value)) {
        const volumes = Object.entries(value).map(([target, volume]) => [
          target,
          withPath(volume, 'bind'),
        ]);
        return [field, Object.fromEntries(volumes)];
      }
      if (field === 'patches' && Array.isArray(value)) {
        return [field, value.map((patch) => withPath(patch, 'source'))];
      }
      return [field, value];
    }),
  );
}

/** Whether a value is fields with values, and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
