import { z } from 'zod';

/**
 * Values by name. A name of `__proto__`, which `z.record` drops in silence, is refused in words: who
 * wrote it would miss it, and elsewhere it would change what an object is.
 */
export function recordOf<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(
  key: Key,
  value: Value,
): z.ZodType<z.output<z.ZodRecord<Key, Value>>, z.input<z.ZodRecord<Key, Value>>> {
  const refuseProto = (input: unknown, context: z.RefinementCtx): unknown => {
    if (typeof input === 'object' && input !== null && Object.hasOwn(input, '__proto__')) {
      const message = '"__proto__" cannot be a name here.';
      context.addIssue({ code: 'custom', path: ['__proto__'], message });
    }
    return input;
  };
  return z.preprocess(refuseProto, z.record(key, value)) as z.ZodType<
    z.output<z.ZodRecord<Key, Value>>,
    z.input<z.ZodRecord<Key, Value>>
  >;
}
