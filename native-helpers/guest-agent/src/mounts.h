/*
 * Mounts, as steps that say what they were when they fail.
 */
#ifndef SKERRY_MOUNTS_H
#define SKERRY_MOUNTS_H

#include <stdbool.h>

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
/* Makes the directories above a path where there are none; 0, or -1 with errno. */
int make_parents(const char *path);
/* Makes the mount point and mounts; 0, or -1 with errno. */
int mount_kernel(const struct kernel_mount *mount);
/* Makes what a directory, or a file, can be mounted on, with what is above it; 0, or -1 with errno. */
int make_mount_point(const char *path, bool is_file);
/* Mounts what `name` leads to in an open directory at a path once more; 0, or -1 with errno. */
int mount_from(int directory_fd, const char *name, const char *target, bool read_only);

/*
 * A descriptor of what is mounted at a path, which stays whatever becomes of the path, and keeps
 * nobody from unmounting it there; -1 with errno.
 */
int mount_keep(const char *path);

#endif
