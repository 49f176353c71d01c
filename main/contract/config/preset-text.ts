/**
 * The text of a preset: a title, a description, and under `sandbox` the file form of a configuration
 * without its name. Pure.
 */
import { z } from 'zod';
import { presetSchema, type Preset } from '../preset.ts';
import type { SandboxConfig } from '../sandbox-config.ts';
import { fileOfConfig, requestOfFile } from './config-file.ts';
import { formatYamlValue } from './config-text.ts';
import { readFields } from './yaml-fields.ts';

/** What {@link parsePreset} returns: the preset but for where it was found, or what is wrong with its text. */
export type PresetResult =
  | { readonly ok: true; readonly preset: Omit<Preset, 'origin'> }
  | { readonly ok: false; readonly problem: string };

const presetFileSchema = z.strictObject({
  title: z.string().min(1).max(100),
  description: z.string().max(200).default(''),
  sandbox: z.record(z.string(), z.unknown()),
});

/** Reads the text of a preset of this name. Never throws; what it says of a sandbox is not checked. */
export function parsePreset(text: string, name: string): PresetResult {
  const read = readFields(text);
  if (!read.ok) return read;
  const { data: file, error: wrongFile } = presetFileSchema.safeParse(read.fields);
  if (wrongFile !== undefined) return fail(wrongFile);
  for (const field of ['name', 'replace']) {
    if (Object.hasOwn(file.sandbox, field)) {
      return {
        ok: false,
        problem: `sandbox.${field}: A preset has none; it is said when it is used.`,
      };
    }
  }
  const result = requestOfFile(file.sandbox);
  if (!result.ok) return result;
  const { title, description } = file;
  const { data: preset, error } = presetSchema
    .omit({ origin: true })
    .safeParse({ name, title, description, request: result.request });
  return error === undefined ? { ok: true, preset } : fail(error);
}

/** The text of a preset that is saved; it is titled as it is named. */
export function formatPreset(preset: {
  readonly name: string;
  readonly description: string;
  readonly config: SandboxConfig;
}): string {
  const { name, description, config } = preset;
  const { name: _ofTheSandbox, ...sandbox } = fileOfConfig(config);
  return formatYamlValue({ title: name, description, sandbox });
}

function fail({ issues }: z.core.$ZodError): PresetResult {
  const [issue] = issues;
  const path = issue?.path.map(String).join('.') ?? '';
  const message = issue?.message ?? 'It cannot be read.';
  return { ok: false, problem: path === '' ? message : `${path}: ${message}` };
}
