/** The create form as it is typed, and what the engine's own schema makes of it. Pure. */
import {
  sandboxConfigSchema,
  sandboxLimits,
  type SandboxConfig,
} from '../../../main/contract/sandbox-config.ts';

/** Every field as text, right or wrong. */
export interface CreateDraft {
  readonly name: string;
  readonly image: string;
  readonly cpus: string;
  readonly memoryMiB: string;
  readonly rootDiskMiB: string;
  readonly shell: string;
  /** Empty: the image's. */
  readonly workdir: string;
  /** One `NAME=value` a line. */
  readonly env: string;
}

/** A draft with the defaults of the contract. */
export const defaultDraft: CreateDraft = {
  name: '',
  image: '',
  cpus: String(sandboxLimits.cpus.default),
  memoryMiB: String(sandboxLimits.memoryMiB.default),
  rootDiskMiB: String(sandboxLimits.rootDiskMiB.default),
  shell: '/bin/sh',
  workdir: '',
  env: '',
};

/** What is wrong, in words, beside the field it is wrong with. */
export type DraftProblems = Readonly<Partial<Record<keyof CreateDraft, string>>>;

/** What came of {@link checkDraft}: a configuration, or at least one problem. */
export type DraftResult =
  | { readonly config: SandboxConfig; readonly problems: Readonly<Record<string, never>> }
  | { readonly config: undefined; readonly problems: DraftProblems };

/** What only the place of the sandbox can say of a draft. */
export interface DraftContext {
  readonly takenNames: readonly string[];
  /** Undefined while the machine is not known. */
  readonly hostMemoryMiB: number | undefined;
}

/** Checks a draft as the engine will. */
export function checkDraft(draft: CreateDraft, context: DraftContext): DraftResult {
  const problems: Partial<Record<keyof CreateDraft, string>> = {};
  const environment = parseEnvironment(draft.env);
  if (!environment.ok) problems.env = environment.problem;

  const parsed = sandboxConfigSchema.safeParse({
    name: draft.name,
    image: draft.image,
    cpus: parseWholeNumber(draft.cpus),
    memoryMiB: parseWholeNumber(draft.memoryMiB),
    rootDiskMiB: parseWholeNumber(draft.rootDiskMiB),
    shell: draft.shell,
    ...(draft.workdir === '' ? {} : { workdir: draft.workdir }),
    env: environment.ok ? environment.env : {},
  });
  for (const issue of parsed.error?.issues ?? []) {
    const field = issue.path[0];
    if (isField(field)) problems[field] ??= issue.message;
  }
  if (context.takenNames.includes(draft.name)) {
    problems.name = `The name "${draft.name}" is taken.`;
  }
  const { hostMemoryMiB } = context;
  if (parsed.success && hostMemoryMiB !== undefined && parsed.data.memoryMiB > hostMemoryMiB) {
    problems.memoryMiB = `This machine has ${String(Math.floor(hostMemoryMiB))} MiB.`;
  }
  if (parsed.success && Object.keys(problems).length === 0) {
    return { config: parsed.data, problems: {} };
  }
  return { config: undefined, problems };
}

/** The draft that stands for a configuration: what {@link checkDraft} reads back as the same. */
export function draftOf(config: SandboxConfig): CreateDraft {
  return {
    name: config.name,
    image: config.image,
    cpus: String(config.cpus),
    memoryMiB: String(config.memoryMiB),
    rootDiskMiB: String(config.rootDiskMiB),
    shell: config.shell,
    workdir: config.workdir ?? '',
    env: Object.entries(config.env)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  };
}

function isField(field: PropertyKey | undefined): field is keyof CreateDraft {
  return typeof field === 'string' && Object.hasOwn(defaultDraft, field);
}

/** NaN where the text is anything but digits, so that the schema says what it wants. */
function parseWholeNumber(text: string): number {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

type EnvironmentResult =
  | { readonly ok: true; readonly env: Record<string, string> }
  | { readonly ok: false; readonly problem: string };

function parseEnvironment(text: string): EnvironmentResult {
  const env: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const equals = line.indexOf('=');
    const place = `Line ${String(index + 1)}`;
    if (equals < 0) return { ok: false, problem: `${place} has no "=": write NAME=value.` };
    if (equals === 0) return { ok: false, problem: `${place} has no name before the "=".` };
    env[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return { ok: true, env };
}
