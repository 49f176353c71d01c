/** The text of a configuration file, read and written. Pure. */
import { Document, stringify, visit } from 'yaml';
import type { SandboxConfig } from '../sandbox-config.ts';
import { fileOfConfig, requestOfFile, type ConfigTextResult } from './config-file.ts';
import { readFields } from './yaml-fields.ts';

/** Reads the text of a file. Never throws; values are checked by the schema afterwards. */
export function parseConfigText(text: string): ConfigTextResult {
  const read = readFields(text);
  return read.ok ? requestOfFile(read.fields) : read;
}

/** The file form of a configuration as YAML. */
export function formatConfigYaml(config: SandboxConfig): string {
  return formatYamlValue(fileOfConfig(config));
}

/** The file form of a configuration as JSON. */
export function formatConfigJson(config: SandboxConfig): string {
  return `${JSON.stringify(fileOfConfig(config), undefined, 2)}\n`;
}

const yamlOptions = {
  lineWidth: 0,
  // A quoted text stays on one line: of a line that begins with spaces the writer makes another one.
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  compat: 'yaml-1.1',
  aliasDuplicateObjects: false,
} as const;

/** Any value of a configuration as YAML that older readers (YAML 1.1) understand alike. */
export function formatYamlValue(value: unknown): string {
  const document = new Document(value, yamlOptions);
  visit(document, {
    Scalar: (place, node) => {
      if (typeof node.value !== 'string') return;
      const style = styleOfText(node.value, place === 'key');
      if (style !== undefined) node.type = style;
    },
  });
  return document.toString(yamlOptions);
}

/** A value as YAML on one line, as options of the command line take it. */
export function formatYamlLine(value: unknown): string {
  return stringify(value, {
    ...yamlOptions,
    ...{ collectionStyle: 'flow', defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
  }).trimEnd();
}

/**
 * Lines as they are where they are plain, and quoted where a writer or an editor could change them:
 * spaces at an end, lines of spaces alone, returns and other controls. The writer chooses the rest.
 */
function styleOfText(text: string, isKey: boolean): 'BLOCK_LITERAL' | 'QUOTE_DOUBLE' | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(text))
    return 'QUOTE_DOUBLE';
  if (!text.includes('\n')) return /^\s|\s$/.test(text) ? 'QUOTE_DOUBLE' : undefined;
  const isPlain = /^\S/.test(text) && !/[^\S\n](?:\n|$)|\n\n$/.test(text);
  return isPlain && !isKey ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE';
}
