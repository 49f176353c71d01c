/** Whole values of the contract for tests and for the in-memory host; a test names what matters. */
import type { ErrorData } from '../../main/contract/error.ts';
import { errorCodes, type ErrorCode } from '../../main/contract/error-codes.ts';
import type { HostReport } from '../../main/contract/host.ts';
import type { Image } from '../../main/contract/image.ts';
import type { Operation, Stage } from '../../main/contract/operation.ts';
import {
  sandboxConfigSchema,
  type SandboxConfigInput,
} from '../../main/contract/sandbox-config.ts';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import type { Snapshot } from '../../main/contract/snapshot.ts';
import type { Template } from '../../main/contract/template.ts';

const digestOf = (text: string) =>
  `sha256:${Array.from(text.padEnd(32, text), (character) =>
    character.charCodeAt(0).toString(16).padStart(2, '0'),
  )
    .join('')
    .slice(0, 64)}`;

type SandboxOverrides = Partial<Omit<Sandbox, 'config'>> & {
  readonly config?: Partial<SandboxConfigInput>;
};

/** A running sandbox. */
export function aSandbox(overrides: SandboxOverrides = {}): Sandbox {
  const { config, name = 'quiet-heron', state = 'running', ...rest } = overrides;
  return {
    id: `id-${name}`,
    name,
    state,
    config: sandboxConfigSchema.parse({ image: 'skerry/starter', ...config, name }),
    root: { kind: 'image', reference: 'skerry/starter', isStored: true },
    imageDigest: digestOf('starter'),
    createdAtMs: 1_000,
    accelerator: 'tcg',
    ...(state === 'suspended' ? {} : { startedAtMs: 2_000, bootMs: 912, vmPid: 4242 }),
    network: state === 'running' ? 'up' : 'none',
    ...rest,
  };
}

/** A snapshot of the disk of `quiet-heron`. */
export function aSnapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  const { sandbox = { id: 'id-quiet-heron', name: 'quiet-heron' }, ...rest } = overrides;
  return {
    ...{ id: 'a000000000', name: 'before', sandbox, createdAtMs: 3_000 },
    config: sandboxConfigSchema.parse({ image: 'skerry/starter', name: sandbox.name }),
    ...{ hasMemory: false, diskBytes: 52_428_800, ownDiskBytes: 12_582_912, memoryBytes: 0 },
    ...rest,
  };
}

/** A template in shared memory. */
export function aTemplate(overrides: Partial<Template> = {}): Template {
  return {
    ...{ key: 'b7c1a9d2', cpus: 1, memoryMiB: 512, accelerator: 'tcg' },
    ...{ kernelRelease: '6.1.0-skerry', createdAtMs: 1_000, usedAtMs: 2_000, useCount: 3 },
    ...{ bytes: 41_943_040, place: 'shared-memory' },
    ...overrides,
  };
}

/** An image of one layer. */
export function anImage(overrides: Partial<Image> = {}): Image {
  const reference = overrides.reference ?? 'skerry/starter';
  return {
    reference,
    digest: digestOf(reference),
    platform: 'linux/amd64',
    downloadBytes: 1_048_576,
    diskBytes: 2_097_152,
    layers: [
      {
        digest: digestOf(`${reference}-layer`),
        diffId: digestOf(`${reference}-diff`),
        downloadBytes: 1_048_576,
        diskBytes: 2_097_152,
      },
    ],
    pulledAtMs: 500,
    ...overrides,
  };
}

/** A stage that waits. */
export function aStage(overrides: Partial<Stage> = {}): Stage {
  return { key: 'boot', label: 'Boot', state: 'waiting', ...overrides };
}

/** A running creation without stages. */
export function anOperation(overrides: Partial<Operation> = {}): Operation {
  return {
    id: 'operation-1',
    kind: 'create',
    subject: 'quiet-heron',
    state: 'running',
    stages: [],
    startedAtMs: 1_000,
    ...overrides,
  };
}

/** An error of a code, with the code's own hint. */
export function anError(code: ErrorCode, overrides: Partial<ErrorData> = {}): ErrorData {
  const { title, hint } = errorCodes[code];
  return { code, message: `${title}.`, hint, ...overrides };
}

/** A machine that can do everything but virtualize in hardware. */
export function aHostReport(overrides: Partial<HostReport> = {}): HostReport {
  return {
    version: '0.1.0',
    platform: 'linux/x86_64',
    cpus: 4,
    memoryMiB: 16_384,
    accelerator: 'tcg',
    acceleratorNote:
      'Sandboxes run under software emulation, which is many times slower than hardware.',
    stateDir: '/home/dev/.local/share/skerry',
    checks: [
      {
        id: 'kvm',
        title: 'Hardware virtualization (KVM)',
        result: 'warn',
        evidence: '/dev/kvm opens, but the CPU flags name neither vmx nor svm.',
        fix: 'sudo modprobe kvm_intel',
      },
      {
        id: 'qemu',
        title: 'QEMU',
        result: 'pass',
        evidence: 'qemu-system-x86_64 7.2.22 at /usr/bin/qemu-system-x86_64.',
      },
      {
        id: 'guest-assets',
        title: 'Guest kernel and initramfs',
        result: 'pass',
        evidence: 'Kernel 6.1.0-37-cloud-amd64, agent 0.1.0.',
      },
      {
        id: 'disk-space',
        title: 'Disk space',
        result: 'pass',
        evidence: '41.2 GiB are free under /home/dev/.local/share/skerry.',
      },
    ],
    host: { pid: 3120, socket: '/run/user/1000/skerry/host.sock' },
    ...overrides,
  };
}
