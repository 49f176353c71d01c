/** Names for what is new: proposed, and checked as the host will. Pure. */
import { sandboxNameSchema } from '../../../main/contract/sandbox-name.ts';
import { snapshotNameSchema } from '../../../main/contract/snapshot.ts';
import { inLanguage, translate } from '../../words/language.ts';

/** A free name made of the moment, as one reads it here: `2026-03-01 14.05`. */
export function proposeSnapshotName(taken: readonly string[], now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  const base = `${day} ${two(now.getHours())}.${two(now.getMinutes())}`;
  return firstFree(taken, (number) => (number === 1 ? base : `${base} ${String(number)}`));
}

/** Free names of branches: `web-2`, `web-3`; of `web-2` itself too, and never too long. */
export function proposeBranchNames(
  name: string,
  count: number,
  taken: readonly string[],
): readonly string[] {
  const stem = name.replace(/-\d{1,4}$/, '').slice(0, 58);
  const names: string[] = [];
  for (let number = 2; names.length < count; number += 1) {
    const proposed = `${stem}-${String(number)}`;
    if (!taken.includes(proposed)) names.push(proposed);
  }
  return names;
}

/**
 * What is wrong with the name of a snapshot.
 * @param taken names of the other snapshots of its sandbox
 */
export function problemOfSnapshotName(name: string, taken: readonly string[]): string | undefined {
  const wrong = snapshotNameSchema.safeParse(name).error?.issues[0]?.message;
  if (wrong !== undefined) return inLanguage(wrong);
  return taken.includes(name) ? translate('snapshots:problem.nameTaken', { name }) : undefined;
}

/** What is wrong with the names of new sandboxes: the first thing, with the name. */
export function problemOfBranchNames(
  names: readonly string[],
  taken: readonly string[],
): string | undefined {
  for (const [index, name] of names.entries()) {
    const wrong = sandboxNameSchema.safeParse(name).error?.issues[0]?.message;
    if (wrong !== undefined) {
      const problem = inLanguage(wrong);
      return name === '' ? problem : translate('snapshots:problem.ofName', { name, problem });
    }
    if (taken.includes(name)) return translate('snapshots:problem.nameTaken', { name });
    if (names.indexOf(name) !== index) return translate('snapshots:problem.twice', { name });
  }
  return undefined;
}

function firstFree(taken: readonly string[], nameOf: (number: number) => string): string {
  for (let number = 1; ; number += 1) {
    const name = nameOf(number);
    if (!taken.includes(name)) return name;
  }
}
