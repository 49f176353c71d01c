/** Files that come with Skerry: the JSON Schema, and the presets. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fileOfConfig } from '../contract/config/config-file.ts';
import { formatConfigSchema } from '../contract/config/config-schema.ts';
import { parseConfigText } from '../contract/config/config-text.ts';
import { parseCreateRequest } from '../contract/config/parse-config.ts';
import { parsePreset } from '../contract/config/preset-text.ts';
import { arbitraryConfig } from '../contract/testing/arbitrary-config.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(formatConfigSchema()) as object,
);

/** What the validator says of a value; empty where it is valid. */
function errorsOf(value: unknown): string[] {
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

const example = `
name: web
image: debian:bookworm
cpus: 2
memory: 1024
workdir: /srv
shell: /bin/bash
env: { GREETING: hello }
volumes:
  /data:    { bind: ./data, access: rw }
  /cache:   { named: cache }
  /scratch: { tmpfs: { sizeMiB: 64 } }
network: { policy: public, ports: ["8080:80"] }
scripts:
  greet: |
    #!/bin/sh
    echo "$GREETING"
patches:
  - { kind: mkdir,   path: /srv, mode: "0755" }
  - { kind: text,    path: /etc/motd, content: "hi\\n" }
  - { kind: append,  path: /etc/hosts, content: "1.2.3.4 there\\n" }
  - { kind: file,    path: /etc/app.conf, source: ./app.conf }
  - { kind: dir,     path: /opt/tree, source: ./tree }
  - { kind: symlink, path: /etc/link, target: /etc/motd }
  - { kind: remove,  path: /etc/issue }
pullPolicy: if-missing
`;

describe('the JSON Schema', () => {
  it('is the published one', () => {
    const canonical = (text: string) => JSON.stringify(JSON.parse(text));
    expect(
      canonical(read('docs/schema/sandbox.schema.json')),
      'Renew it: bin/skerry schema > docs/schema/sandbox.schema.json && npm run format',
    ).toBe(canonical(formatConfigSchema()));
  });

  it('describes every field', () => {
    const { properties } = JSON.parse(formatConfigSchema()) as {
      properties: Record<string, { description?: string }>;
    };
    for (const [field, { description }] of Object.entries(properties)) {
      expect(description, field).toMatch(/\.$/);
    }
  });

  it('accepts a file that uses every field', () => {
    expect(errorsOf(parse(example))).toEqual([]);
    const parsed = parseConfigText(example);
    expect(parsed.ok && parseCreateRequest(parsed.request).problems).toEqual([]);
  });

  it.each(readdirSync(new URL('assets/presets/', root)))('accepts the preset %s', (file) => {
    const preset = parse(read(`assets/presets/${file}`)) as { sandbox: unknown };
    expect(errorsOf(preset.sandbox)).toEqual([]);
  });

  it('accepts the file of any valid configuration', () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        expect(errorsOf(fileOfConfig(config))).toEqual([]);
      }),
    );
  });

  it.each([
    [{ memoryMiB: 512 }],
    [{ cpus: 0 }],
    [{ env: { PORT: 80 } }],
    [{ volumes: { '/a': {} } }],
    [{ volumes: { '/a': { bind: './a', named: 'a' } } }],
    [{ volumes: { '/a': { tmpfs: {}, access: 'ro' } } }],
    [{ volumes: { a: { named: 'a' } } }],
    [{ volumes: { '/a': { bind: 'a' } } }],
    [{ network: { ports: ['80'] } }],
    [{ patches: [{ kind: 'text', path: '/a' }] }],
    [{ patches: [{ kind: 'move', path: '/a' }] }],
    [{ workdir: 'srv' }],
  ])('refuses %j', (file) => {
    expect(errorsOf(file)).not.toEqual([]);
  });
});

describe('the presets', () => {
  const names = readdirSync(new URL('assets/presets/', root)).map((file) => file.slice(0, -5));

  it('are these', () => {
    expect(names.sort()).toEqual(['agent', 'node', 'python', 'rust', 'shell']);
  });

  it.each(names)('are valid: %s', (name) => {
    const parsed = parsePreset(read(`assets/presets/${name}.yaml`), name);
    if (!parsed.ok) throw new Error(parsed.problem);
    expect(parseCreateRequest({ name: 'web', ...parsed.preset.request }).problems).toEqual([]);
  });
});
