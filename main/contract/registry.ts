/** Registries: how they are reached, and who we are there. */
import { z } from 'zod';
import { localPathSchema } from './config/local-path.ts';
import { parseImageReference } from './image-reference.ts';

/** `docker.io`, `registry.example:5000`, `[::1]:5000`; in lower case. */
export const registryNameSchema = z
  .string()
  .max(260)
  .transform((text) => text.toLowerCase())
  .superRefine((name, context) => {
    const parsed = parseImageReference(`${name}/image`);
    if (parsed.ok && parsed.reference.registry === name) return;
    context.addIssue({ code: 'custom', message: `"${name}" is not the name of a registry.` });
  });

/** A secret as it is typed: never in an answer, an event, a log or an error. */
const secretSchema = z.string().min(1, 'A password is needed.').max(65_536);

/** Who asks. An identity token takes the place of a password (Docker's `<token>` user). */
export const credentialSchema = z.union([
  z.strictObject({ username: z.string().min(1).max(1024), password: secretSchema }),
  z.strictObject({ identityToken: secretSchema }),
]);

/** See {@link credentialSchema}. */
export type Credential = z.infer<typeof credentialSchema>;

/** How a registry is reached; what is unset is as for any other. */
export const registrySettingsSchema = z.strictObject({
  /** Plain HTTP, and TLS with any certificate, are allowed. */
  isInsecure: z.boolean().default(false),
  /** PEM file of further certificate authorities, for this registry alone. */
  caFile: localPathSchema.optional(),
  /** Asked first, in this order; the registry itself is asked last. */
  mirrors: z.array(registryNameSchema).max(16).default([]),
});

/** See {@link registrySettingsSchema}. */
export type RegistrySettings = z.infer<typeof registrySettingsSchema>;

/** Where secrets are kept. `file` is readable by its owner alone and not encrypted. */
export const secretKeeperSchema = z.enum([
  'safe-storage',
  'secret-service',
  'docker-helper',
  'file',
]);

/** See {@link secretKeeperSchema}. */
export type SecretKeeper = z.infer<typeof secretKeeperSchema>;

/** Where a credential that would be used comes from. */
export const credentialSourceSchema = z.object({
  username: z.string().optional(),
  kind: z.enum(['password', 'identity-token']),
  source: z.enum(['skerry', 'docker-helper', 'docker-config', 'podman-config']),
  /** Of one of Skerry's. */
  keeper: secretKeeperSchema.optional(),
  /** The file, or the helper that answered. */
  where: z.string(),
});

/** See {@link credentialSourceSchema}. */
export type CredentialSource = z.infer<typeof credentialSourceSchema>;

/** A registry that there are settings or a credential for. */
export const registrySchema = z.object({
  name: z.string(),
  settings: registrySettingsSchema,
  /** The credential that is used; absent: anonymous. */
  credential: credentialSourceSchema.optional(),
  /** Why a credential that is configured cannot be read. */
  problem: z.string().optional(),
});

/** See {@link registrySchema}. */
export type Registry = z.infer<typeof registrySchema>;

/** Where a new secret would be kept. */
export const secretStorageSchema = z.object({
  keeper: secretKeeperSchema,
  /** False where the user has to be told before it is written: `file`. */
  isEncrypted: z.boolean(),
  /** In words: the helper, the keyring or the file, and why no better one. */
  explanation: z.string(),
});

/** See {@link secretStorageSchema}. */
export type SecretStorage = z.infer<typeof secretStorageSchema>;

/** What a test of a registry found, step by step; the first that failed is the last. */
export const registryTestSchema = z.object({
  steps: z.array(
    z.object({
      step: z.enum(['name', 'reach', 'tls', 'api', 'login', 'permission']),
      result: z.enum(['pass', 'fail', 'skip']),
      evidence: z.string(),
      /** What to do next, where it failed. */
      hint: z.string().optional(),
    }),
  ),
});

/** See {@link registryTestSchema}. */
export type RegistryTest = z.infer<typeof registryTestSchema>;

const byRegistry = z.strictObject({ registry: registryNameSchema });

/** What the procedures of registries take. */
export const registryInputs = {
  byRegistry,
  login: byRegistry.extend({
    credential: credentialSchema,
    /** Write it to a file where nothing keeps it encrypted. */
    allowFile: z.boolean().default(false),
    /** Keep it though the registry was not asked whether it is right. */
    skipTest: z.boolean().default(false),
  }),
  configure: byRegistry.extend({ settings: registrySettingsSchema }),
  /** With what is typed in place of what is kept. */
  test: byRegistry.extend({
    credential: credentialSchema.optional(),
    settings: registrySettingsSchema.optional(),
    /** A repository whose tags are to be readable. */
    repository: z.string().max(255).optional(),
  }),
} as const;
