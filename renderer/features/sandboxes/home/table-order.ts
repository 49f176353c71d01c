/** Which sandboxes the list shows, and in which order. Pure. */
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import type { UsageState } from '../usage/usage-store.ts';

/** What the list is ordered by. */
export type SortKey = 'state' | 'name' | 'image' | 'cpu' | 'memory' | 'created';

/** See {@link SortKey}. */
export interface Sort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** Sandboxes that have every word of a text: in the name, image, state or a label. */
export function filterSandboxes(sandboxes: readonly Sandbox[], text: string): readonly Sandbox[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return sandboxes;
  return sandboxes.filter(({ name, state, config }) => {
    const labels = Object.entries(config.labels).map(([key, value]) => `${key}=${value}`);
    const said = [name, state, config.image, ...labels].join('\n').toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

const stateOrder: readonly Sandbox['state'][] = [
  'crashed',
  'running',
  'creating',
  'starting',
  'paused',
  'suspending',
  'stopping',
  'suspended',
  'stopped',
];

/** In the order that is wanted; what is equal goes by name. */
export function sortSandboxes(
  sandboxes: readonly Sandbox[],
  { key, isDescending }: Sort,
  usage: UsageState['byName'],
): readonly Sandbox[] {
  const measured = (name: string, of: 'cpuPercent' | 'guestMemoryBytes') =>
    usage.get(name)?.at(-1)?.[of] ?? -1;
  const compare: Record<SortKey, (one: Sandbox, other: Sandbox) => number> = {
    state: (one, other) => stateOrder.indexOf(one.state) - stateOrder.indexOf(other.state),
    name: byName,
    image: (one, other) => compareText(one.config.image, other.config.image),
    cpu: (one, other) => measured(one.name, 'cpuPercent') - measured(other.name, 'cpuPercent'),
    memory: (one, other) =>
      measured(one.name, 'guestMemoryBytes') - measured(other.name, 'guestMemoryBytes'),
    created: (one, other) => one.createdAtMs - other.createdAtMs,
  };
  const sign = isDescending ? -1 : 1;
  return sandboxes.toSorted((one, other) => sign * compare[key](one, other) || byName(one, other));
}

function byName(one: Sandbox, other: Sandbox): number {
  return compareText(one.name, other.name);
}

const collator = new Intl.Collator('en', { numeric: true });

function compareText(one: string, other: string): number {
  return collator.compare(one, other);
}
