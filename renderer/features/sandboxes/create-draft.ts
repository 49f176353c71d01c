/** The form of a sandbox as it is typed: every field as text, right or wrong. Pure. */
import { isLocalPath } from '../../../main/contract/config/local-path.ts';
import type { Patch } from '../../../main/contract/config/patch.ts';
import type { RootOptions } from '../../../main/contract/config/root-options.ts';
import { sandboxLimits, type SandboxConfig } from '../../../main/contract/sandbox-config.ts';
import { defaultNetworkDraft, networkDraftOf, type NetworkDraft } from './network-draft.ts';

/** Where the root comes from. */
export type SourceKind = 'image' | 'directory' | 'disk';

/** A name with its value: a variable, a label. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
}

/** A volume as it is typed. */
export interface VolumeDraft {
  readonly kind: 'bind' | 'named' | 'tmpfs';
  /** A path of the host, or the name of a volume. */
  readonly source: string;
  readonly target: string;
  readonly access: 'ro' | 'rw';
  readonly sizeMiB: string;
}

/** A patch as it is typed; a kind uses what it needs. */
export interface PatchDraft {
  readonly kind: Patch['kind'];
  readonly path: string;
  readonly content: string;
  readonly source: string;
  readonly target: string;
  readonly mode: string;
  readonly owner: string;
  readonly replace: boolean;
}

/** See the head of this file. */
export interface CreateDraft extends NetworkDraft {
  readonly name: string;
  readonly sourceKind: SourceKind;
  /** Of an OCI image. */
  readonly image: string;
  /** Of a directory or a disk image. */
  readonly path: string;
  readonly root: Omit<RootOptions, 'partition'>;
  readonly partition: string;
  readonly cpus: string;
  readonly memoryMiB: string;
  readonly rootDiskMiB: string;
  readonly shell: string;
  /** Empty: the image's; as of user, and of a host name that is made of the name. */
  readonly workdir: string;
  readonly user: string;
  readonly hostname: string;
  /** Undefined: the image's. */
  readonly entrypoint: readonly string[] | undefined;
  readonly cmd: readonly string[] | undefined;
  readonly env: readonly NameValue[];
  readonly volumes: readonly VolumeDraft[];
  readonly scripts: readonly NameValue[];
  readonly patches: readonly PatchDraft[];
  readonly labels: readonly NameValue[];
  /** Empty: never. */
  readonly suspendAfterIdleMinutes: string;
  readonly pullPolicy: SandboxConfig['pullPolicy'];
  /** Take the place of a sandbox of this name. */
  readonly replace: boolean;
}

/** A draft with the defaults of the contract. */
export const defaultDraft: CreateDraft = {
  name: '',
  sourceKind: 'image',
  image: '',
  path: '',
  root: {},
  partition: '',
  cpus: String(sandboxLimits.cpus.default),
  memoryMiB: String(sandboxLimits.memoryMiB.default),
  rootDiskMiB: String(sandboxLimits.rootDiskMiB.default),
  shell: '/bin/sh',
  workdir: '',
  user: '',
  hostname: '',
  entrypoint: undefined,
  cmd: undefined,
  env: [],
  volumes: [],
  ...defaultNetworkDraft,
  scripts: [],
  patches: [],
  labels: [],
  suspendAfterIdleMinutes: '',
  pullPolicy: 'if-missing',
  replace: false,
};

/** A volume that is just being added. */
export const emptyVolume: VolumeDraft = {
  kind: 'bind',
  source: '',
  target: '',
  access: 'ro',
  sizeMiB: '64',
};

/** A patch that is just being added. */
export const emptyPatch: PatchDraft = {
  kind: 'text',
  path: '',
  content: '',
  source: '',
  target: '',
  mode: '',
  owner: '',
  replace: false,
};

/** The draft that stands for a configuration: what `checkDraft` reads back as the same. */
export function draftOf(config: SandboxConfig): CreateDraft {
  const { root, network, image } = config;
  const { partition, ...options } = root;
  const isLocal = isLocalPath(image);
  const local = root.access === undefined ? 'disk' : 'directory';
  return {
    name: config.name,
    sourceKind: isLocal ? local : 'image',
    image: isLocal ? '' : image,
    path: isLocal ? image : '',
    root: options,
    partition: partition === undefined ? '' : String(partition),
    cpus: String(config.cpus),
    memoryMiB: String(config.memoryMiB),
    rootDiskMiB: String(config.rootDiskMiB),
    shell: config.shell,
    workdir: config.workdir ?? '',
    user: config.user ?? '',
    hostname: config.hostname ?? '',
    entrypoint: config.entrypoint,
    cmd: config.cmd,
    env: rowsOf(config.env),
    volumes: Object.entries(config.volumes).map(([target, volume]): VolumeDraft => {
      const { bind, named, tmpfs, access = 'rw' } = volume;
      const kind = tmpfs !== undefined ? 'tmpfs' : named !== undefined ? 'named' : 'bind';
      const sizeMiB = tmpfs === undefined ? emptyVolume.sizeMiB : String(tmpfs.sizeMiB);
      return { kind, source: bind ?? named ?? '', target, access, sizeMiB };
    }),
    ...networkDraftOf(network),
    scripts: rowsOf(config.scripts),
    patches: config.patches.map(draftOfPatch),
    labels: rowsOf(config.labels),
    suspendAfterIdleMinutes: String(config.suspendAfterIdleMinutes ?? ''),
    pullPolicy: config.pullPolicy,
    replace: false,
  };
}

function draftOfPatch(patch: Patch): PatchDraft {
  const mode = ('mode' in patch ? patch.mode : undefined) ?? '';
  const owner = ('owner' in patch ? patch.owner : undefined) ?? '';
  return { ...emptyPatch, ...patch, mode, owner };
}

function rowsOf(values: Readonly<Record<string, string>>): NameValue[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
