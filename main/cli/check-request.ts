/**
 * Configurations are checked here as well as by the host process: a message between them would lose
 * a field named `__proto__` in silence, and cannot carry what is too long.
 */
import type { ErrorCode } from '../contract/error-codes.ts';
import type { ConfigRemark } from '../contract/config/config-report.ts';
import {
  parseConfig,
  parseCreateRequest,
  type ParsedConfig,
} from '../contract/config/parse-config.ts';
import type { CreateRequest, SandboxConfig } from '../contract/sandbox-config.ts';
import { ClientError, clientError } from '../server/client/client-error.ts';

/** A request that can be sent. @throws ClientError `config/invalid` with every problem */
export function checkRequest(request: unknown): CreateRequest {
  return valueOf(parseCreateRequest(request));
}

/** A configuration that can be sent. @throws ClientError `config/invalid` with every problem */
export function checkConfig(config: unknown): SandboxConfig {
  return valueOf(parseConfig(config));
}

/** One error for all problems. */
export function problemsError(code: ErrorCode, problems: readonly ConfigRemark[]): ClientError {
  const { data } = clientError(code, problems.map(({ message }) => message).join(' '));
  const issues = problems.map(({ path, message }) => ({ field: path, message }));
  return new ClientError({ ...data, details: { issues } });
}

function valueOf<T>({ request, problems }: ParsedConfig<T>): T {
  if (request === undefined) throw problemsError(codeOf(problems), problems);
  return request;
}

/** As the host process has it: a wrong name or image alone has a code of its own. */
function codeOf(problems: readonly ConfigRemark[]): ErrorCode {
  const fields = new Set(problems.map(({ path }) => path));
  if (fields.size === 1 && fields.has('name')) return 'sandbox/name-invalid';
  if (fields.size === 1 && fields.has('image')) return 'image/reference-invalid';
  return 'config/invalid';
}
