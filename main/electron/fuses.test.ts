/** The fuses as electron-builder.yml asks for them; package.engine.test.ts reads them back. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const config = readFileSync(
  path.resolve(import.meta.dirname, '../../electron-builder.yml'),
  'utf8',
);

/** The entries of one mapping of plain values at the top of the file. */
function readMapping(name: string): Record<string, string> {
  const [, block = ''] = new RegExp(`^${name}:\\n((?: {2}.*\\n)+)`, 'm').exec(config) ?? [];
  return Object.fromEntries(
    [...block.matchAll(/^ {2}(\w+): (\S+)$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
}

it('turns every way around the app into its binary off', () => {
  expect(readMapping('electronFuses')).toEqual({
    runAsNode: 'false',
    enableNodeOptionsEnvironmentVariable: 'false',
    enableNodeCliInspectArguments: 'false',
    enableEmbeddedAsarIntegrityValidation: 'true',
    onlyLoadAppFromAsar: 'true',
    grantFileProtocolExtraPrivileges: 'false',
    loadBrowserProcessSpecificV8Snapshot: 'false',
    enableCookieEncryption: 'false',
    resetAdHocDarwinSignature: 'true',
  });
});

it('packs the app into an archive', () => {
  expect(config).toMatch(/^asar: true$/m);
  expect(config).not.toMatch(/disableAsarIntegrity/);
});
