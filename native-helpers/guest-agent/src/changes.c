#include "changes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "layer-entries.h"
#include "own-files.h"
#include "tar-output.h"

enum {
	UPPER_FD = 3,
	/* Directories within each other, each of which holds a descriptor and a frame of the stack. */
	DEPTH_MAX = 512,
};

/* Which entries of a directory a pass is about: readers want whiteouts before their siblings. */
enum pass { PASS_WHITEOUTS, PASS_REST };

/* The path of what is looked at, from the root, without a slash in front. */
static char path[PATH_MAX];
static const char *hostname;

static bool is_whiteout(const struct stat *status)
{
	return S_ISCHR(status->st_mode) && status->st_rdev == 0;
}

static int walk(int directory_fd, int depth);

static int enter(int directory_fd, const char *name, int depth)
{
	const size_t length = strlen(path);
	int result;
	const int fd = openat(directory_fd, name,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return has_gone() ? 0 : report_failure(path);
	if (depth == 0) {
		close(fd);
		errno = ELOOP;
		return report_failure(path);
	}
	strcpy(path + length, "/");
	result = walk(fd, depth - 1);
	path[length] = '\0';
	return result;
}

/* The path is that of the entry. */
static int visit(int directory_fd, const char *name, enum pass pass, int depth)
{
	struct stat status;

	if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return has_gone() ? 0 : report_failure(path);
	if (is_whiteout(&status) != (pass == PASS_WHITEOUTS))
		return 0;
	if (strncmp(name, WHITEOUT_PREFIX, strlen(WHITEOUT_PREFIX)) == 0) {
		report_left_out(path, "left out: its name means something else in a layer");
		return 0;
	}
	if (pass == PASS_WHITEOUTS)
		return put_whiteout(path, strlen(name));
	if (S_ISSOCK(status.st_mode) || is_own_file(directory_fd, name, path, &status, hostname))
		return 0;
	return S_ISDIR(status.st_mode) ? enter(directory_fd, name, depth)
				       : put_file(directory_fd, name, path, &status);
}

static int visit_all(DIR *directory, enum pass pass, int depth)
{
	const size_t length = strlen(path);

	rewinddir(directory);
	for (;;) {
		const struct dirent *entry = (errno = 0, readdir(directory));
		const char *name = entry == NULL ? NULL : entry->d_name;
		int result;

		if (name == NULL)
			return errno == 0 ? 0 : report_failure(path);
		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		/* With room for the prefix of a whiteout, or for the slash of a directory. */
		if (length + strlen(name) + sizeof(WHITEOUT_PREFIX) > sizeof(path)) {
			errno = ENAMETOOLONG;
			return report_failure(path);
		}
		strcpy(path + length, name);
		result = visit(dirfd(directory), name, pass, depth);
		path[length] = '\0';
		if (result != 0)
			return result;
	}
}

/* Takes the descriptor over. The path is the directory's, with a slash at its end. */
static int walk(int directory_fd, int depth)
{
	DIR *directory = fdopendir(directory_fd);
	int failed;

	if (directory == NULL) {
		report_failure(path);
		close(directory_fd);
		return -1;
	}
	failed = put_directory(directory_fd, path) != 0 ||
		 visit_all(directory, PASS_WHITEOUTS, depth) != 0 ||
		 visit_all(directory, PASS_REST, depth) != 0;
	closedir(directory);
	return failed ? -1 : 0;
}

/* The port and the ends of other commands' pipes are none of this process's business. */
static int keep_files(int upper_fd)
{
	if (upper_fd != UPPER_FD && dup2(upper_fd, UPPER_FD) < 0)
		return -1;
	return (int)syscall(SYS_close_range, UPPER_FD + 1u, UINT_MAX, 0u);
}

int changes_write(int upper_fd, const char *name)
{
	hostname = name;
	/* When nobody reads any more, that is the end of it. */
	signal(SIGPIPE, SIG_DFL);
	if (keep_files(upper_fd) != 0) {
		report_failure(path);
		return EXIT_FAILURE;
	}
	if (walk(UPPER_FD, DEPTH_MAX) != 0)
		return EXIT_FAILURE;
	if (tar_finish() == 0)
		return EXIT_SUCCESS;
	report_failure(path);
	return EXIT_FAILURE;
}
