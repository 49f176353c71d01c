#include "file-move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file-sweeper.h"
#include "files-failure.h"
#include "guest-path.h"
#include "layer-entries.h"
#include "tar-tree.h"
#include "tree.h"
#include "untar.h"

enum { NO_REPLACE = 1 };

struct end {
	struct guest_path path;
	int parent_fd;
};

static int open_end(const char *path, struct end *end)
{
	if (guest_path_split(path, &end->path) != 0)
		return -1;
	end->parent_fd = guest_path_open_parent(&end->path);
	return end->parent_fd < 0 ? -1 : 0;
}

static int rename_to(int from_fd, const char *from, const struct end *to, bool replace)
{
	struct stat status;
	int result = (int)syscall(SYS_renameat2, from_fd, from, to->parent_fd, to->path.name,
				  replace ? 0u : (unsigned)NO_REPLACE);

	if (result == 0 || replace || errno != EINVAL)
		return result;
	/* A filesystem of another machine, which has no such flag; or a directory into itself. */
	if (fstatat(to->parent_fd, to->path.name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(from_fd, from, to->parent_fd, to->path.name);
}

/* Copies by a tar that a child of this process writes. 0, or an exit code. */
static int copy(const struct end *from, int into_fd)
{
	const struct untar_options options = {.keeps_owners = true};
	int ends[2], status, code;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return files_fail(from->path.name);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		/* What is left out would be lost with what is moved. */
		_exit(tar_tree_put(from->parent_fd, from->path.name, from->path.name) == 0 &&
				      tar_finish() == 0 && passed_over() == 0
			      ? EXIT_SUCCESS
			      : EXIT_FAILURE);
	}
	close(ends[1]);
	code = child < 0 ? files_fail(from->path.name) : untar(ends[0], into_fd, &options);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (code == 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS))
		code = EIO;
	return code;
}

static int move_by_copy(const struct end *from, const struct end *to, bool replace)
{
	char beside[64];
	int fd, code, sweeper_fd;

	snprintf(beside, sizeof(beside), ".skerry-%d-move", (int)getpid());
	sweeper_fd = sweeper_begin(to->parent_fd, beside);
	if (sweeper_fd < 0 || mkdirat(to->parent_fd, beside, 0700) != 0) {
		code = files_fail(to->path.name);
		if (sweeper_fd >= 0)
			sweeper_end(sweeper_fd);
		return code;
	}
	fd = openat(to->parent_fd, beside, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	code = fd < 0 ? files_fail(beside) : copy(from, fd);
	if (code == 0 && rename_to(fd, from->path.name, to, replace) != 0)
		code = files_fail(to->path.name);
	if (fd >= 0)
		close(fd);
	tree_remove(to->parent_fd, beside);
	sweeper_end(sweeper_fd);
	/* Only now is it there twice. */
	if (code == 0 && tree_remove(from->parent_fd, from->path.name) != 0)
		code = files_fail(from->path.name);
	return code;
}

/* Whether the new path is in what is moved, which a copy would follow without end. */
static bool is_below(const struct end *from, const struct end *to)
{
	struct stat moved, each;
	int fd = dup(to->parent_fd);
	bool found = false;

	if (fstatat(from->parent_fd, from->path.name, &moved, AT_SYMLINK_NOFOLLOW) != 0)
		moved.st_ino = 0;
	for (int depth = 0; fd >= 0 && !found && depth < PATH_MAX; depth++) {
		const int above = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct stat next;

		found = fstat(fd, &each) == 0 && each.st_ino == moved.st_ino &&
			each.st_dev == moved.st_dev;
		const bool is_top = above < 0 || fstat(above, &next) != 0 ||
				    (next.st_ino == each.st_ino && next.st_dev == each.st_dev);
		close(fd);
		fd = above;
		if (is_top)
			break;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

int files_rename(const struct files_message *message)
{
	const bool replace = message->replace != 0;
	struct end from, to;
	struct stat status;

	if (open_end(message->paths[0], &from) != 0 ||
	    fstatat(from.parent_fd, from.path.name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return files_fail(message->paths[0]);
	if (open_end(message->target, &to) != 0)
		return files_fail(message->target);
	if (rename_to(from.parent_fd, from.path.name, &to, replace) == 0)
		return 0;
	if (errno != EXDEV)
		return files_fail(message->target);
	if (is_below(&from, &to)) {
		errno = EINVAL;
		return files_fail(message->target);
	}
	return move_by_copy(&from, &to, replace);
}
