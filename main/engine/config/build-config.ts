/** A configuration looked at as a whole, with nothing made of it: every default, every problem. */
import { totalmem } from 'node:os';
import type { ConfigRemark, ConfigReport } from '../../contract/config/config-report.ts';
import { parseCreateRequest } from '../../contract/config/parse-config.ts';
import type { SandboxConfig } from '../../contract/sandbox-config.ts';
import type { ShareSupport } from '../host/share-probe.ts';
import type { ConfigProblem, Findings } from './config-problem.ts';
import { lookAtPatches, lookAtVolumes } from './look-at-sources.ts';
import { lookAtRoot, type ResolvedRoot } from './look-at-root.ts';

/** What only the place of the sandbox can say. */
export interface BuildContext {
  readonly hostMemoryBytes?: number;
  /** What `~` stands for; this user's home by default. */
  readonly home?: string | undefined;
  readonly isImageStored: (reference: string) => Promise<boolean>;
  readonly isNameTaken: (name: string) => boolean | Promise<boolean>;
  /** How directories of this host reach a guest; asked only where some have to. */
  readonly findShareSupport: () => Promise<ShareSupport>;
}

/** What came of looking: a request that can be carried out where there are no problems. */
export interface BuiltConfig {
  readonly config?: SandboxConfig;
  readonly replace: boolean;
  readonly root?: ResolvedRoot;
  readonly problems: readonly ConfigProblem[];
  readonly notes: readonly ConfigRemark[];
}

/** Looks at a configuration. Never throws for what it finds. */
export async function buildConfig(input: unknown, context: BuildContext): Promise<BuiltConfig> {
  const { request, problems } = parseCreateRequest(input);
  if (request === undefined) {
    const coded = problems.map((problem) => ({ ...problem, code: codeOfField(problem.path) }));
    return { replace: false, problems: coded, notes: [] };
  }
  const findings: Findings = { problems: [], notes: [] };
  const { replace, ...config } = request;
  if (!replace && (await context.isNameTaken(config.name))) {
    const message = `There is a sandbox named "${config.name}" already.`;
    findings.problems.push({ path: 'name', message, code: 'sandbox/name-taken' });
  }
  checkMemory(config, context.hostMemoryBytes ?? totalmem(), findings);
  const [look, volumes, patches] = await Promise.all([
    lookAtRoot(config, context, findings),
    lookAtVolumes(config.volumes, context.home, findings),
    lookAtPatches(config.patches, context.home, findings),
  ]);
  await checkShares(volumes, look.root, context, findings);
  return {
    config: { ...config, image: look.image, root: look.options, volumes, patches },
    replace,
    ...(look.root === undefined ? {} : { root: look.root }),
    ...findings,
  };
}

/** The client's view of what came of looking. */
export function toConfigReport({ config, root, problems, notes }: BuiltConfig): ConfigReport {
  return {
    ...(config === undefined ? {} : { config }),
    problems: problems.map(({ path, message }) => ({ path, message })),
    notes: [...notes],
    ...(root === undefined ? {} : { root: toRootFacts(root) }),
  };
}

function toRootFacts(root: ResolvedRoot): NonNullable<ConfigReport['root']> {
  if (root.kind !== 'disk') return root;
  const { backing: _internal, ...facts } = root;
  return facts;
}

/** A wrong name or image has a code of its own, with the better hint. */
function codeOfField(path: string): ConfigProblem['code'] {
  if (path === 'name') return 'sandbox/name-invalid';
  return path === 'image' ? 'image/reference-invalid' : 'config/invalid';
}

function checkMemory(
  { memoryMiB }: SandboxConfig,
  hostBytes: number,
  { problems }: Findings,
): void {
  const hostMiB = Math.floor(hostBytes / 1024 / 1024);
  if (memoryMiB <= hostMiB) return;
  const message = `Memory of ${String(memoryMiB)} MiB is more than this machine has (${String(hostMiB)} MiB).`;
  problems.push({ path: 'memoryMiB', message, code: 'config/invalid' });
}

/** Directories of the host need a way into the guest. */
async function checkShares(
  volumes: SandboxConfig['volumes'],
  root: ResolvedRoot | undefined,
  context: BuildContext,
  { problems }: Findings,
): Promise<void> {
  const shared = Object.entries(volumes)
    .filter(([, volume]) => volume.tmpfs === undefined)
    .map(([target]) => `volumes.${target}`);
  if (root?.kind === 'directory') shared.unshift('image');
  if (shared.length === 0) return;
  const support = await context.findShareSupport();
  if (support.transport !== undefined) return;
  for (const path of shared) {
    problems.push({ path, message: support.evidence, code: 'share/unavailable' });
  }
}
