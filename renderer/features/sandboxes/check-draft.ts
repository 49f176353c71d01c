/** What the contract makes of a draft: a request, or what is wrong beside each field. Pure. */
import type { ConfigRemark } from '../../../main/contract/config/config-report.ts';
import { isLocalPath } from '../../../main/contract/config/local-path.ts';
import { parseCreateRequest } from '../../../main/contract/config/parse-config.ts';
import type { CreateRequest, SandboxConfig } from '../../../main/contract/sandbox-config.ts';
import { inLanguage, translate } from '../../words/language.ts';
import type { CreateDraft, NameValue, PatchDraft, VolumeDraft } from './create-draft.ts';
import { networkOfDraft } from './network-draft.ts';

/** What came of {@link checkDraft}. */
export interface DraftResult {
  /** Complete; absent while there are problems. */
  readonly config: SandboxConfig | undefined;
  readonly problems: readonly ConfigRemark[];
}

/** What only the place of the sandbox can say of a draft. */
export interface DraftContext {
  readonly takenNames: readonly string[];
  /** Undefined while the machine is not known. */
  readonly hostMemoryMiB: number | undefined;
}

/** Checks a draft as the engine will. */
export function checkDraft(draft: CreateDraft, context: DraftContext): DraftResult {
  const { request, problems: wrong } = parseCreateRequest(requestOfDraft(draft));
  const problems: ConfigRemark[] = [...wrong, ...twice(draft)];
  if (draft.sourceKind !== 'image' && !isLocalPath(draft.path)) {
    problems.unshift({ path: 'image', message: translate('create:problem.path') });
  }
  if (context.takenNames.includes(draft.name) && !draft.replace) {
    const message = translate('create:problem.nameTaken', { name: draft.name });
    problems.push({ path: 'name', message });
  }
  const { hostMemoryMiB } = context;
  if (request !== undefined && hostMemoryMiB !== undefined && request.memoryMiB > hostMemoryMiB) {
    const memory = Math.floor(hostMemoryMiB);
    const message = translate('create:problem.memory', { memory });
    problems.push({ path: 'memoryMiB', message });
  }
  if (request === undefined || problems.length > 0) return { config: undefined, problems };
  const { replace: _ofTheRequest, ...config } = request;
  return { config, problems };
}

/** The first problem of a field, or of anything in it. */
export function problemAt(problems: readonly ConfigRemark[], path: string): string | undefined {
  const first = problems.find((one) => one.path === path || one.path.startsWith(`${path}.`));
  return first && inLanguage(first.message);
}

/** The request that a draft stands for, right or wrong. */
export function requestOfDraft(draft: CreateDraft): Record<keyof CreateRequest, unknown> {
  const { sourceKind, partition } = draft;
  const isImage = sourceKind === 'image';
  return {
    name: draft.name,
    image: isImage ? draft.image : draft.path,
    root: isImage
      ? undefined
      : { ...draft.root, ...(partition === '' ? {} : { partition: wholeNumber(partition) }) },
    cpus: wholeNumber(draft.cpus),
    memoryMiB: wholeNumber(draft.memoryMiB),
    rootDiskMiB: wholeNumber(draft.rootDiskMiB),
    workdir: unlessEmpty(draft.workdir),
    shell: draft.shell,
    user: unlessEmpty(draft.user),
    hostname: unlessEmpty(draft.hostname),
    entrypoint: draft.entrypoint,
    cmd: draft.cmd,
    env: recordOfRows(draft.env),
    volumes: Object.fromEntries(draft.volumes.map((volume) => [volume.target, volumeOf(volume)])),
    network: networkOfDraft(draft),
    scripts: recordOfRows(draft.scripts),
    patches: draft.patches.map(patchOf),
    labels: recordOfRows(draft.labels),
    suspendAfterIdleMinutes:
      draft.suspendAfterIdleMinutes.trim() === ''
        ? undefined
        : wholeNumber(draft.suspendAfterIdleMinutes),
    pullPolicy: draft.pullPolicy,
    replace: draft.replace,
  };
}

function volumeOf({ kind, source, access, sizeMiB }: VolumeDraft): Record<string, unknown> {
  return kind === 'tmpfs'
    ? { tmpfs: { sizeMiB: wholeNumber(sizeMiB) } }
    : { [kind]: source, access };
}

/** What each kind of patch has besides its path. */
const patchFields: Readonly<Record<PatchDraft['kind'], readonly (keyof PatchDraft)[]>> = {
  text: ['content', 'mode', 'owner', 'replace'],
  append: ['content'],
  file: ['source', 'mode', 'owner', 'replace'],
  dir: ['source', 'owner', 'replace'],
  symlink: ['target', 'replace'],
  mkdir: ['mode', 'owner'],
  remove: [],
};

/** Whether a kind of patch has a field. */
export function patchHas(kind: PatchDraft['kind'], field: keyof PatchDraft): boolean {
  return patchFields[kind].includes(field);
}

function patchOf(patch: PatchDraft): Record<string, unknown> {
  const values = patchFields[patch.kind].map((field) => {
    const value = patch[field];
    const isLeftOut = value === '' && (field === 'mode' || field === 'owner');
    return [field, isLeftOut ? undefined : value] as const;
  });
  return { kind: patch.kind, path: patch.path, ...Object.fromEntries(values) };
}

function recordOfRows(rows: readonly NameValue[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** A name that is there twice would make one of the two vanish. */
function twice(draft: CreateDraft): ConfigRemark[] {
  const lists = [
    ['env', draft.env.map(({ name }) => name)],
    ['scripts', draft.scripts.map(({ name }) => name)],
    ['labels', draft.labels.map(({ name }) => name)],
    ['volumes', draft.volumes.map(({ target }) => target)],
  ] as const;
  return lists.flatMap(([field, names]) => {
    const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    return [...repeated].map((name) => ({
      path: `${field}.${name}`,
      message: translate('create:problem.twice', { name }),
    }));
  });
}

function unlessEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** NaN where the text is anything but digits, so that the schema says what it wants. */
function wholeNumber(text: string): number {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
}
