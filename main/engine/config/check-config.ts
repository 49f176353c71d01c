import { totalmem } from 'node:os';
import {
  sandboxConfigSchema,
  type SandboxConfig,
  type SandboxConfigInput,
} from '../../contract/sandbox-config.ts';
import { AppError } from '../base/app-error.ts';

/**
 * Fills in the defaults and checks every field, and what only this machine can say.
 * @throws AppError `config/invalid` with the fields and what is wrong with each
 */
export function checkConfig(
  input: SandboxConfigInput,
  hostMemoryBytes: number = totalmem(),
): SandboxConfig {
  const parsed = sandboxConfigSchema.safeParse(input);
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map((issue) => ({
        field: issue.path.join('.'),
        message: issue.message,
      })),
    );
  }
  const hostMiB = Math.floor(hostMemoryBytes / 1024 / 1024);
  if (parsed.data.memoryMiB > hostMiB) {
    const asked = String(parsed.data.memoryMiB);
    const message = `Memory of ${asked} MiB is more than this machine has (${String(hostMiB)} MiB).`;
    throw invalid([{ field: 'memoryMiB', message }]);
  }
  return parsed.data;
}

function invalid(issues: { field: string; message: string }[]): AppError {
  return new AppError('config/invalid', issues.map((issue) => issue.message).join(' '), {
    details: { issues },
  });
}
