#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <linux/mount.h>; the calls have the same numbers everywhere, and a C library may not have them. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
enum { TREE_CLONE = 1, MOVE_FROM_EMPTY_PATH = 4, MOVE_TO_SYMLINKS = 0x10 };

int make_directory(const char *path, unsigned mode)
{
	return mkdir(path, mode) == 0 || errno == EEXIST ? 0 : -1;
}

int make_parents(const char *path)
{
	char parent[PATH_MAX];

	if (strlen(path) >= sizeof(parent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(parent, path);
	for (char *slash = strchr(parent + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (make_directory(parent, 0755) != 0)
			return -1;
		*slash = '/';
	}
	return 0;
}

int mount_kernel(const struct kernel_mount *of)
{
	if (make_directory(of->target, 0755) != 0)
		return -1;
	return mount(of->type, of->target, of->type, of->flags, of->options);
}

int make_mount_point(const char *path, bool is_file)
{
	struct stat status;
	int fd;

	/* What is there may be on a filesystem where nothing can be made. */
	if (stat(path, &status) == 0) {
		if (S_ISDIR(status.st_mode) != is_file)
			return 0;
		errno = is_file ? EISDIR : ENOTDIR;
		return -1;
	}
	if (make_parents(path) != 0)
		return -1;
	if (!is_file)
		return make_directory(path, 0755);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

int mount_keep(const char *path)
{
	return (int)syscall(SYS_open_tree, AT_FDCWD, path, TREE_CLONE | O_CLOEXEC);
}

int mount_from(int directory_fd, const char *name, const char *target, bool read_only)
{
	const int tree = (int)syscall(SYS_open_tree, directory_fd, name,
				      TREE_CLONE | AT_RECURSIVE | O_CLOEXEC);
	int failed;

	if (tree < 0)
		return -1;
	failed = syscall(SYS_move_mount, tree, "", AT_FDCWD, target,
			 MOVE_FROM_EMPTY_PATH | MOVE_TO_SYMLINKS) != 0;

	const int error = errno;
	close(tree);
	errno = error;
	if (failed)
		return -1;
	return read_only ? mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) : 0;
}
