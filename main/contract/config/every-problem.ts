import type { z } from 'zod';

/**
 * For a check of what several fields say together: it is made although one of them is wrong by
 * itself, so that every problem is told at once. Such a check cannot trust the types of what it is
 * given, beyond it being an object and no list.
 */
export const withOtherProblems: z.core.$ZodSuperRefineParams = {
  when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** The same for a check of a list. */
export const listWithOtherProblems: z.core.$ZodSuperRefineParams = {
  when: ({ value }) => Array.isArray(value),
};
