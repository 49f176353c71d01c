/*
 * Mounts, as steps that say what they were when they fail.
 */
#ifndef SKERRY_MOUNTS_H
#define SKERRY_MOUNTS_H

/* A filesystem of the kernel's own and where it belongs. */
struct kernel_mount {
	const char *type;
	const char *target;
	unsigned long flags;
	const char *options;
	/* Whether a guest without it is no guest. */
	int is_needed;
};

/* Makes a directory where there is none; 0, or -1 with errno. */
int make_directory(const char *path, unsigned mode);
/* Makes the mount point and mounts; 0, or -1 with errno. */
int mount_kernel(const struct kernel_mount *mount);

#endif
