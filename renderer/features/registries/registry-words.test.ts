import { expect, it } from 'vitest';
import { describeSource, describeUser, isKept, summariseTest } from './registry-words.ts';

it('says whose a credential is', () => {
  const ours = { kind: 'password', source: 'skerry', where: 'x' } as const;
  expect(describeSource({ ...ours, keeper: 'file' })).toContain('not encrypted');
  expect(describeSource(ours)).toBe('Skerry');
  expect(describeSource({ ...ours, source: 'podman-config' })).toContain('Podman');
});

it('names who one is, and Docker’s stand-in for a token by what it is', () => {
  const token = { kind: 'identity-token', source: 'docker-config', where: 'x' } as const;
  expect(describeUser(token)).toBe('identity token');
  expect(describeUser({ ...token, username: '<token>' })).toBe('identity token');
  expect(describeUser({ ...token, kind: 'password', username: 'ci' })).toBe('ci');
});

it('knows what Skerry keeps: what Docker has of an untouched registry is not its own', () => {
  const settings = { isInsecure: false, mirrors: [] };
  const docker = { kind: 'password', source: 'docker-config', where: 'x' } as const;
  const registry = { name: 'registry.example', settings, credential: docker };
  expect(isKept(registry)).toBe(false);
  expect(isKept({ ...registry, credential: { ...docker, source: 'skerry' } })).toBe(true);
  expect(isKept({ ...registry, settings: { ...settings, mirrors: ['mirror.example'] } })).toBe(
    true,
  );
});

it('sums a test up by the step that failed, else by its login', () => {
  const pass = { step: 'reach', result: 'pass', evidence: '' } as const;
  const login = { step: 'login', evidence: '' } as const;
  expect(summariseTest({ steps: [pass, { ...login, result: 'fail' }] })).toBe(
    'It fails at: Login.',
  );
  expect(summariseTest({ steps: [pass, { ...login, result: 'pass' }] })).toContain(
    'login is right',
  );
  expect(summariseTest({ steps: [pass, { ...login, result: 'skip' }] })).toContain(
    'without a login',
  );
});
