import {
  sandboxConfigSchema,
  type SandboxConfig,
  type SandboxConfigInput,
} from '../../contract/sandbox-config.ts';

/** A complete configuration; a test names what matters to it. */
export function aConfig(overrides: Partial<SandboxConfigInput> = {}): SandboxConfig {
  return sandboxConfigSchema.parse({ name: 'web', image: 'alpine', ...overrides });
}
