import type { ConfigRemark } from '../../contract/config/config-report.ts';
import type { ErrorCode } from '../../contract/error-codes.ts';
import { AppError } from '../base/app-error.ts';

/** A remark that keeps a sandbox from being made, with the code by which programs know it. */
export interface ConfigProblem extends ConfigRemark {
  readonly code: ErrorCode;
}

/** What several looks at a configuration find. */
export interface Findings {
  readonly problems: ConfigProblem[];
  readonly notes: ConfigRemark[];
}

/** One error for all problems: their code where they share one, else `config/invalid`. */
export function problemsError(problems: readonly ConfigProblem[]): AppError {
  const codes = new Set(problems.map(({ code }) => code));
  const [only] = codes;
  const code = codes.size === 1 && only !== undefined ? only : 'config/invalid';
  const issues = problems.map(({ path, message }) => ({ field: path, message }));
  return new AppError(code, problems.map(({ message }) => message).join(' '), {
    details: { issues },
  });
}
