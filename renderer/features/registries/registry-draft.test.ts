import { describe, expect, it } from 'vitest';
import type { Registry } from '../../../main/contract/registry.ts';
import {
  areSettingsChanged,
  checkRegistryDraft,
  credentialOfDraft,
  draftOfRegistry,
  settingsOfDraft,
} from './registry-draft.ts';

const registry: Registry = {
  name: 'registry.example:5000',
  settings: { isInsecure: true, caFile: '~/ca.pem', mirrors: ['mirror.example', 'b.example'] },
  credential: {
    ...{ username: 'ci', kind: 'password', source: 'skerry', keeper: 'file' },
    where: '~/credentials.json',
  },
};

describe('draftOfRegistry', () => {
  it('gives back the settings it was made of', () => {
    const draft = draftOfRegistry(registry);
    expect(settingsOfDraft(draft)).toEqual(registry.settings);
    expect(areSettingsChanged(draft, registry)).toBe(false);
    expect(areSettingsChanged({ ...draft, mirrors: 'mirror.example' }, registry)).toBe(true);
    expect(areSettingsChanged({ ...draft, isInsecure: false }, registry)).toBe(true);
  });

  it('fills in the user of our own credential alone', () => {
    expect(draftOfRegistry(registry).username).toBe('ci');
    const theirs: Registry = {
      ...registry,
      credential: { username: 'dev', kind: 'password', source: 'docker-config', where: '~' },
    };
    expect(draftOfRegistry(theirs).username).toBe('');
  });

  it('begins with nothing but a name', () => {
    expect(settingsOfDraft(draftOfRegistry(undefined, 'new.example'))).toEqual({
      isInsecure: false,
      mirrors: [],
    });
    expect(areSettingsChanged(draftOfRegistry(undefined, 'new.example'), undefined)).toBe(false);
  });
});

describe('checkRegistryDraft', () => {
  const draft = draftOfRegistry(registry);

  it('finds nothing wrong with what is right', () => {
    expect(checkRegistryDraft(draft, 'secret')).toEqual({});
    expect(checkRegistryDraft(draftOfRegistry(undefined), '')).toEqual({});
    expect(checkRegistryDraft({ ...draft, kind: 'identity-token', username: '' }, 'x')).toEqual({});
  });

  it.each([
    [{ name: 'https://a.example' }, 'name', '"https://a.example" is not the name of a registry.'],
    [{ username: '' }, 'username', 'A password needs its user.'],
    [{ caFile: 'ca.pem' }, 'caFile', 'Begin a path with "/" or "~/".'],
    [{ mirrors: 'a.example/x' }, 'mirrors', '"a.example/x" is not the name of a registry.'],
    [{ mirrors: 'A.example, a.example' }, 'mirrors', 'A mirror is there twice.'],
  ])('says what is wrong with %o', (change, field, problem) => {
    expect(checkRegistryDraft({ ...draft, ...change }, 'secret')).toEqual({ [field]: problem });
  });
});

describe('credentialOfDraft', () => {
  const draft = draftOfRegistry(registry);

  it('is what its kind says, and nothing without a secret', () => {
    expect(credentialOfDraft(draft, 'a b ')).toEqual({ username: 'ci', password: 'a b ' });
    expect(credentialOfDraft({ ...draft, kind: 'identity-token' }, 't')).toEqual({
      identityToken: 't',
    });
    expect(credentialOfDraft(draft, '')).toBeUndefined();
  });
});
