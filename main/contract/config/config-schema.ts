/** The published JSON Schema of the file form, for editors. Pure. */
import { z } from 'zod';
import { configFileSchema } from './config-file.ts';

/** The JSON Schema as the text of its file. Checks that it cannot say are made when a file is read. */
export function formatConfigSchema(): string {
  const schema = z.toJSONSchema(configFileSchema, { io: 'input', target: 'draft-2020-12' });
  const { $schema, ...rest } = schema;
  const titled = {
    $schema,
    title: 'Skerry sandbox',
    description:
      'What a sandbox is: read by "skerry create --file", written by "skerry export". Relative paths are relative to the file.',
    ...rest,
  };
  return `${JSON.stringify(titled, undefined, 2)}\n`;
}
