#include "tar-tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "layer-entries.h"

enum { DEPTH_MAX = 512 };

/* The path of what is looked at, as the tar has it. */
static char path[PATH_MAX];

/* Filesystems of the kernel's own making (<linux/magic.h>), some of whose files have no end. */
static const unsigned long made_up[] = {
	0x9fa0 /* proc */,	 0x62656572 /* sysfs */,   0x63677270 /* cgroup2 */,
	0x1cd1 /* devpts */,	 0x64626720 /* debugfs */, 0x74726163 /* tracefs */,
	0x73636673 /* security */, 0xcafe4a11 /* bpf */,
};

static bool is_made_up(int fd)
{
	struct statfs filesystem;

	if (fstatfs(fd, &filesystem) != 0)
		return false;
	for (size_t i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++)
		if ((unsigned long)filesystem.f_type == made_up[i])
			return true;
	return false;
}

static int put(int directory_fd, const char *name, int depth);

/* Takes the descriptor over. The path is the directory's, with a slash at its end, or empty. */
static int put_entries(int directory_fd, int depth)
{
	const size_t length = strlen(path);
	DIR *directory = fdopendir(directory_fd);
	int result = 0;

	if (directory == NULL) {
		close(directory_fd);
		return pass_over(path);
	}
	while (result == 0) {
		const struct dirent *entry = (errno = 0, readdir(directory));

		if (entry == NULL) {
			result = errno == 0 ? 0 : pass_over(path);
			break;
		}
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		/* With room for the slash of a directory. */
		if (length + strlen(entry->d_name) + 2 > sizeof(path)) {
			errno = ENAMETOOLONG;
			result = pass_over(path);
			continue;
		}
		strcpy(path + length, entry->d_name);
		result = put(directory_fd, entry->d_name, depth);
		path[length] = '\0';
	}

	const int error = errno;
	closedir(directory);
	errno = error;
	return result;
}

static int put_tree(int directory_fd, const char *name, int depth)
{
	const size_t length = strlen(path);
	int result;
	const int fd = openat(directory_fd, name,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return has_gone() ? 0 : pass_over(path);
	if (depth < DEPTH_MAX && is_made_up(fd) && !is_made_up(directory_fd)) {
		report_left_out(path, "left out: the kernel makes it up");
		close(fd);
		return 0;
	}
	if (depth == 0) {
		close(fd);
		errno = ELOOP;
		return pass_over(path);
	}
	strcpy(path + length, "/");
	result = put_directory(fd, path);
	if (result == 0)
		result = put_entries(fd, depth - 1);
	else
		close(fd);
	path[length] = '\0';
	return result;
}

/* The path is that of the entry. */
static int put(int directory_fd, const char *name, int depth)
{
	struct stat status;

	if (tar_count_is_over()) {
		errno = ETIME;
		return -1;
	}
	if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return has_gone() ? 0 : pass_over(path);
	if (S_ISDIR(status.st_mode))
		return put_tree(directory_fd, name, depth);
	if (S_ISSOCK(status.st_mode)) {
		report_left_out(path, "left out: a socket");
		return 0;
	}
	return put_file(directory_fd, name, path, &status);
}

int tar_tree_put(int directory_fd, const char *name, const char *as)
{
	struct stat status;

	entries_are_plain();
	if (strlen(as) + 2 > sizeof(path)) {
		errno = ENAMETOOLONG;
		return report_failure(as);
	}
	strcpy(path, as);
	/* What was asked for by name has to be there. */
	if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return report_failure(path);
	return put(directory_fd, name, DEPTH_MAX);
}

int tar_tree_put_contents(int directory_fd)
{
	entries_are_plain();
	path[0] = '\0';
	return put_entries(directory_fd, DEPTH_MAX - 1);
}
