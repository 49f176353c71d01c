/** The form of a registry without its secret, what is wrong with it, and what it asks for. Pure. */
import {
  registryNameSchema,
  type Credential,
  type Registry,
  type RegistrySettings,
} from '../../../main/contract/registry.ts';
import { isLocalPath } from '../../../main/contract/config/local-path.ts';
import { translate } from '../../words/language.ts';

/** As many as the contract takes. */
const mostMirrors = 16;

/** As it was typed, right or wrong. The secret is never in it. */
export interface RegistryDraft {
  readonly name: string;
  readonly kind: 'password' | 'identity-token';
  readonly username: string;
  readonly isInsecure: boolean;
  readonly caFile: string;
  /** One on each line, the first is asked first. */
  readonly mirrors: string;
}

/** What is wrong, by field. */
export interface RegistryProblems {
  readonly name?: string;
  readonly username?: string;
  readonly secret?: string;
  readonly caFile?: string;
  readonly mirrors?: string;
}

/** An empty form, or one of a registry that is there. */
export function draftOfRegistry(registry: Registry | undefined, name = ''): RegistryDraft {
  const { settings, credential } = registry ?? {};
  const isOurs = credential?.source === 'skerry';
  return {
    name: registry?.name ?? name,
    kind: isOurs ? credential.kind : 'password',
    username: isOurs ? (credential.username ?? '') : '',
    isInsecure: settings?.isInsecure ?? false,
    caFile: settings?.caFile ?? '',
    mirrors: settings?.mirrors.join('\n') ?? '',
  };
}

/** What is wrong with what is typed; empty fields that may stay empty are right. */
export function checkRegistryDraft(draft: RegistryDraft, secret: string): RegistryProblems {
  const { name, kind, username, caFile } = draft;
  const wrongMirror = mirrorsOf(draft).find((mirror) => !isRegistry(mirror));
  const isTwice = mirrorsOf(draft).some((mirror, index, all) => all.indexOf(mirror) !== index);
  return {
    ...(name !== '' && !isRegistry(name)
      ? { name: translate('registries:problem.name', { name }) }
      : {}),
    ...(kind === 'password' && secret !== '' && username === ''
      ? { username: translate('registries:problem.noUser') }
      : {}),
    ...(caFile !== '' && !isLocalPath(caFile)
      ? { caFile: translate('registries:problem.path') }
      : {}),
    ...(wrongMirror !== undefined
      ? { mirrors: translate('registries:problem.name', { name: wrongMirror }) }
      : isTwice
        ? { mirrors: translate('registries:problem.mirrorTwice') }
        : mirrorsOf(draft).length > mostMirrors
          ? { mirrors: translate('registries:problem.mirrorCount', { most: mostMirrors }) }
          : {}),
  };
}

/** The settings that are asked for. */
export function settingsOfDraft(draft: RegistryDraft): RegistrySettings {
  const { isInsecure, caFile } = draft;
  return { isInsecure, mirrors: mirrorsOf(draft), ...(caFile === '' ? {} : { caFile }) };
}

/** Whether the settings are others than those that are kept. */
export function areSettingsChanged(draft: RegistryDraft, registry: Registry | undefined): boolean {
  const before = draftOfRegistry(registry, draft.name);
  return JSON.stringify(settingsOfDraft(draft)) !== JSON.stringify(settingsOfDraft(before));
}

/** The credential that is typed; undefined where no secret is. */
export function credentialOfDraft(draft: RegistryDraft, secret: string): Credential | undefined {
  if (secret === '') return undefined;
  return draft.kind === 'identity-token'
    ? { identityToken: secret }
    : { username: draft.username, password: secret };
}

function mirrorsOf({ mirrors }: RegistryDraft): string[] {
  return mirrors
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((mirror) => mirror.toLowerCase());
}

function isRegistry(text: string): boolean {
  return registryNameSchema.safeParse(text).success;
}
