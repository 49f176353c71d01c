/** A sandbox as clients see it. Pure. */
import type { RootFacts } from '../../contract/config/config-report.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import type { RootRecord } from '../snapshot/root-record.ts';
import type { SandboxRecord } from './sandbox-record.ts';

/** @param now what is not in the record, whose `vmPid` is there while a machine is */
export function describeSandbox(
  record: SandboxRecord | undefined,
  now: Pick<Sandbox, 'id' | 'name' | 'state' | 'config' | 'createdAtMs' | 'network'> &
    Pick<Partial<Sandbox>, 'vmPid' | 'lastError'>,
): Sandbox {
  const { vmPid, lastError, ...rest } = now;
  const root = record?.root;
  const suspended = record?.suspended;
  return {
    ...rest,
    ...(root === undefined ? {} : { root: rootFacts(root) }),
    ...(root?.kind === 'image' ? { imageDigest: root.digest } : {}),
    ...(vmPid === undefined ? {} : { ...describeRun(record?.run), vmPid }),
    ...(suspended === undefined ? {} : { suspended }),
    ...(record?.basedOn === undefined ? {} : { basedOn: record.basedOn }),
    ...(record?.branchedFrom === undefined ? {} : { branchedFrom: record.branchedFrom }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}

function describeRun(run: SandboxRecord['run']) {
  if (run === undefined) return {};
  const { temporaryRules: _rules, machine: _machine, isPaused: _isPaused, ...facts } = run;
  return facts;
}

function rootFacts(root: RootRecord): RootFacts {
  switch (root.kind) {
    case 'image':
      return { kind: 'image', reference: root.reference, isStored: true };
    case 'directory':
      return { kind: 'directory', path: root.path };
    case 'disk': {
      const { path, format, virtualBytes, backing, otherFiles } = root;
      const backingFiles = [...backing.map((file) => file.path), ...otherFiles];
      return { kind: 'disk', path, format, virtualBytes, backingFiles };
    }
  }
}
