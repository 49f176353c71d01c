/** Names of fields in a file, where they differ. For who loads no schema. Pure. */

/** Names that fields have in a file, by their names in the contract. */
export const fileNames = { memoryMiB: 'memory', rootDiskMiB: 'rootDisk' } as const;

/** The name that a field of the contract has in a file: `memoryMiB` is `memory` there. */
export function fileFieldOf(field: string): string {
  const [first = '', ...rest] = field.split('.');
  const name = Object.entries(fileNames).find(([own]) => own === first)?.[1] ?? first;
  return [name, ...rest].join('.');
}
