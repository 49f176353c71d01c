import { expect, it } from 'vitest';
import { fuzzStack } from './testing/fuzz-stack.ts';

it('takes whatever a guest sends, for ten seconds', () => {
  // Another seed each time; what fails says its own.
  const result = fuzzStack(Date.now() >>> 0, 10);
  expect(result.sent).toBeGreaterThan(0);
  expect(result.established).toBeGreaterThan(0);
});
