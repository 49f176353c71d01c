import { z } from 'zod';
import { errorCodes, type ErrorCode } from './error-codes.ts';

const codes = Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]];

/** An error as it crosses a transport: what happened, and what to do next. */
export const errorDataSchema = z.object({
  /** Stable, for programs. */
  code: z.enum(codes),
  /** What happened, with the value; one sentence. */
  message: z.string(),
  /** What to do next; one imperative sentence. */
  hint: z.string(),
  /** Evidence: console tail, issues of a form, what the other side answered. Never a secret. */
  details: z.record(z.string(), z.json()).optional(),
});

/** See {@link errorDataSchema}. */
export type ErrorData = z.infer<typeof errorDataSchema>;
