import { describe, expect, it } from 'vitest';
import { sandboxNameSchema } from '../../contract/sandbox-name.ts';
import { suggestName } from './suggest-name.ts';

describe('suggestName', () => {
  it('gives valid names that nobody has, also when all words are used up', () => {
    const taken = new Set<string>();
    for (let index = 0; index < 1000; index += 1) {
      const name = suggestName(taken, () => 0.999);
      expect(taken.has(name)).toBe(false);
      expect(sandboxNameSchema.safeParse(name).success).toBe(true);
      taken.add(name);
    }
  });
});
