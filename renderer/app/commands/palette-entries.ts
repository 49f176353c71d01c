/** What the palette lists for what is typed. Pure. */
import { commandGroups, type Command, type CommandGroup } from './command.ts';
import { fuzzyMatch } from './fuzzy-match.ts';

/** A line of the palette. */
export interface PaletteEntry {
  readonly command: Command;
  /** Letters of its label that were typed. */
  readonly marked: readonly number[];
}

/** Lines under one heading; found ones are all under none. */
export interface PaletteGroup {
  readonly value: CommandGroup | 'recent' | 'found';
  readonly items: readonly PaletteEntry[];
}

/** Most lines: who sees more than these types another letter. */
const maxFound = 50;
/** Most lines of a group before anything is typed, so that the next group is in sight. */
const maxListed = 10;
/** Of a sandbox only this is listed before anything is typed; its actions are a letter away. */
const openPrefix = 'sandbox.open ';

/** What was done lately first; once something is typed, what fits best first. */
export function paletteEntries(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
): readonly PaletteGroup[] {
  return query.trim() === '' ? listed(commands, recent) : found(commands, query, recent);
}

function listed(commands: readonly Command[], recent: readonly string[]): PaletteGroup[] {
  const byId = new Map(commands.map((command) => [command.id, command]));
  const lately = recent.flatMap((id) => byId.get(id) ?? []);
  const others = commands.filter(
    (command) =>
      !lately.includes(command) &&
      // One is there already.
      command.id !== 'palette' &&
      (!command.id.startsWith('sandbox.') || command.id.startsWith(openPrefix)),
  );
  const groups: readonly PaletteGroup[] = [
    { value: 'recent', items: lately.map(unmarked) },
    ...commandGroups.map((value) => ({
      value,
      items: others
        .filter(({ group }) => group === value)
        .slice(0, maxListed)
        .map(unmarked),
    })),
  ];
  return groups.filter(({ items }) => items.length > 0);
}

function found(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
): PaletteGroup[] {
  const items = commands
    .filter(({ id }) => id !== 'palette')
    .flatMap((command) => {
      const match = fuzzyMatch(query, command.label);
      if (match === undefined) return [];
      const bonus = recent.includes(command.id) ? 1 : 0;
      return [{ command, marked: match.at, score: match.score + bonus }];
    })
    .toSorted((one, other) => other.score - one.score)
    .slice(0, maxFound);
  return items.length === 0 ? [] : [{ value: 'found', items }];
}

function unmarked(command: Command): PaletteEntry {
  return { command, marked: [] };
}
