/** What was decided until a sandbox stops, the latest first. */
import type { TemporaryRule } from '../../../contract/network.ts';
import { canonicalDestination } from '../canonical-destination.ts';

/** The ones that were decided longest ago make way. */
export const maxTemporaryRules = 256;

/** With one more decision, which takes the place of an earlier one on the same destination. */
export function withRule(
  rules: readonly TemporaryRule[],
  { action, destination }: TemporaryRule,
): readonly TemporaryRule[] {
  const rule = { action, destination: canonicalDestination(destination) };
  return [rule, ...withoutRule(rules, destination)].slice(0, maxTemporaryRules);
}

/** Without what was decided on a destination; the same list where that was nothing. */
export function withoutRule(
  rules: readonly TemporaryRule[],
  destination: string,
): readonly TemporaryRule[] {
  const text = canonicalDestination(destination);
  const rest = rules.filter((rule) => rule.destination !== text);
  return rest.length === rules.length ? rules : rest;
}
