/**
 * Programs of the user's that build or keep images. Apart from the schemas: the grammar of the
 * command line reads it, which every command waits for.
 */
export const imagePrograms = ['docker', 'podman', 'buildah'] as const;
