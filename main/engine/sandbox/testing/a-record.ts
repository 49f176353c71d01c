import { aConfig } from '../../testing/a-config.ts';
import type { SandboxRecord } from '../sandbox-record.ts';

/** The record of a sandbox from an image; a test names what matters to it. */
export function aRecord(change: Partial<SandboxRecord> = {}): SandboxRecord {
  return {
    version: 2,
    id: '0123456789',
    phase: 'ready',
    config: aConfig(),
    root: {
      kind: 'image',
      reference: 'docker.io/library/alpine:latest',
      digest: `sha256:${'0'.repeat(64)}`,
      defaults: { env: [], entrypoint: [], cmd: [] },
    },
    isPatched: false,
    createdAtMs: 1,
    ...change,
  };
}
