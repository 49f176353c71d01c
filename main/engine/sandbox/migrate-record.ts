/** Brings records of earlier versions into the present form. Pure; what comes out is checked after. */

type Json = Readonly<Record<string, unknown>>;

/** From each version to the next one. Fields that a configuration has got since take their defaults. */
const steps: Readonly<Record<number, (record: Json) => Json>> = {
  1: ({ image, ...rest }) => ({
    ...rest,
    version: 2,
    root: isObject(image) ? { ...image, kind: 'image' } : undefined,
    isPatched: true,
  }),
};

/** The record in the present form, as far as its version is known; else as it is. */
export function migrateRecord(record: unknown): unknown {
  let current = record;
  while (isObject(current) && typeof current['version'] === 'number') {
    const step = steps[current['version']];
    if (step === undefined) break;
    current = step(current);
  }
  return current;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
