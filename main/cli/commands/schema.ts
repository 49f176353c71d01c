import { formatConfigSchema } from '../../contract/config/config-schema.ts';
import { print } from '../output.ts';

/** `skerry schema` */
export async function schema(): Promise<number> {
  await print(formatConfigSchema());
  return 0;
}
