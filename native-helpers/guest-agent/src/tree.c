#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Directories within each other, each of which holds a descriptor and a frame of the stack. */
enum { DEPTH_MAX = 512, CHUNK = 64 * 1024 };

static void close_keeping_errno(int fd)
{
	const int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

static bool is_entry(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int remove_at(int directory_fd, const char *name, dev_t device, int depth);

/* All entries are tried; the first failure is the one that is told. */
static int remove_entries(int fd, dev_t device, int depth)
{
	DIR *directory = fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (directory == NULL) {
		close_keeping_errno(fd);
		return -1;
	}
	while ((entry = readdir(directory)) != NULL)
		if (is_entry(entry) && remove_at(dirfd(directory), entry->d_name, device, depth) != 0 &&
		    error == 0)
			error = errno;
	closedir(directory);
	errno = error;
	return error == 0 ? 0 : -1;
}

static int remove_at(int directory_fd, const char *name, dev_t device, int depth)
{
	struct stat status;
	int fd;

	if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	/* Files of an overlay are on other devices than its directories. */
	if (!S_ISDIR(status.st_mode))
		return unlinkat(directory_fd, name, 0);
	if (status.st_dev != device || depth == 0) {
		errno = depth == 0 ? ELOOP : EXDEV;
		return -1;
	}
	fd = openat(directory_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || remove_entries(fd, device, depth - 1) != 0)
		return -1;
	return unlinkat(directory_fd, name, AT_REMOVEDIR);
}

int tree_remove(int directory_fd, const char *name)
{
	struct stat status;

	if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	return remove_at(directory_fd, name, status.st_dev, DEPTH_MAX);
}

void tree_empty(int directory_fd)
{
	struct stat status;

	if (fstat(directory_fd, &status) == 0)
		remove_entries(directory_fd, status.st_dev, DEPTH_MAX);
	else
		close(directory_fd);
}

int file_append(int from_fd, int to_fd)
{
	static char chunk[CHUNK];
	ssize_t have;

	while ((have = read(from_fd, chunk, sizeof(chunk))) > 0)
		for (ssize_t done = 0; done < have;) {
			const ssize_t written = write(to_fd, chunk + done, (size_t)(have - done));

			if (written < 0)
				return -1;
			done += written;
		}
	return have < 0 ? -1 : 0;
}

int tree_copy_file(int directory_fd, const char *source, const char *path, int mode,
		   const struct owner *owner)
{
	struct stat status;
	int to = -1, failed;
	const int from = openat(directory_fd, source, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	failed = from < 0 || fstat(from, &status) != 0;
	if (!failed) {
		to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		failed = to < 0 || file_append(from, to) != 0 ||
			 fchown(to, owner->uid, owner->gid) != 0 ||
			 fchmod(to, mode < 0 ? status.st_mode & 07777 : (mode_t)mode) != 0;
	}
	close_keeping_errno(from);
	/* A full disk may say so only now. */
	if (to >= 0 && !failed)
		failed = close(to) != 0;
	else
		close_keeping_errno(to);
	return failed ? -1 : 0;
}

static int copy_link(int directory_fd, const char *source, const char *path,
		     const struct owner *owner)
{
	char target[PATH_MAX];
	const ssize_t length = readlinkat(directory_fd, source, target, sizeof(target) - 1);

	if (length < 0)
		return -1;
	target[length] = '\0';
	return symlink(target, path) != 0 || lchown(path, owner->uid, owner->gid) != 0 ? -1 : 0;
}

static int copy_directory(int directory_fd, const char *source, const char *path,
			  const struct owner *owner, int depth);

static int copy_any(int directory_fd, const char *source, const char *path,
		    const struct owner *owner, int depth)
{
	struct stat status;

	if (fstatat(directory_fd, source, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	if (S_ISDIR(status.st_mode))
		return copy_directory(directory_fd, source, path, owner, depth);
	return S_ISLNK(status.st_mode) ? copy_link(directory_fd, source, path, owner)
				       : tree_copy_file(directory_fd, source, path, -1, owner);
}

static int copy_entries(DIR *directory, const char *path, const struct owner *owner, int depth)
{
	struct dirent *entry;

	while ((entry = readdir(directory)) != NULL) {
		char *child;
		int failed;

		if (!is_entry(entry))
			continue;
		if (asprintf(&child, "%s/%s", path, entry->d_name) < 0)
			return -1;
		failed = copy_any(dirfd(directory), entry->d_name, child, owner, depth - 1);

		const int error = errno;
		free(child);
		errno = error;
		if (failed)
			return -1;
	}
	return 0;
}

static int copy_directory(int directory_fd, const char *source, const char *path,
			  const struct owner *owner, int depth)
{
	struct stat status;
	DIR *directory;
	int failed;
	const int fd = openat(directory_fd, source,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (depth == 0) {
		close_keeping_errno(fd);
		errno = ELOOP;
		return -1;
	}
	if (fd < 0 || fstat(fd, &status) != 0 || mkdir(path, 0700) != 0 ||
	    (directory = fdopendir(fd)) == NULL) {
		close_keeping_errno(fd);
		return -1;
	}
	/* Its mode comes last: it may be one in which nothing can be made. */
	failed = copy_entries(directory, path, owner, depth) != 0 ||
		 chown(path, owner->uid, owner->gid) != 0 ||
		 chmod(path, status.st_mode & 07777) != 0;

	const int error = errno;
	closedir(directory);
	errno = error;
	return failed ? -1 : 0;
}

int tree_copy(int directory_fd, const char *source, const char *path, const struct owner *owner)
{
	return copy_directory(directory_fd, source, path, owner, DEPTH_MAX);
}
