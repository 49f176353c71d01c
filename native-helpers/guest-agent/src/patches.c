#include "patches.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mounts.h"
#include "tree.h"
#include "user.h"

static int find_owner(const char *name, struct owner *owner)
{
	static struct user user;

	if (user_find(name, &user) != 0)
		return -1;
	*owner = (struct owner){.uid = user.uid, .gid = user.gid};
	return 0;
}

/* Makes the place of something new free, and what is above it. */
static int prepare_place(const struct patch *patch)
{
	struct stat status;

	if (make_parents(patch->path) != 0)
		return -1;
	if (lstat(patch->path, &status) != 0)
		return errno == ENOENT ? 0 : -1;
	if (patch->replace)
		return tree_remove(AT_FDCWD, patch->path);
	errno = EEXIST;
	return -1;
}

static int append(const struct patch *patch, int seed_fd)
{
	struct stat status;
	int to, failed;
	const int from = openat(seed_fd, patch->source, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (from < 0)
		return -1;
	/* A link is followed, inside the root; a pipe is not waited for. */
	to = open(patch->path, O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	failed = to < 0 || fstat(to, &status) != 0;
	if (!failed && !S_ISREG(status.st_mode)) {
		errno = EINVAL;
		failed = 1;
	}
	failed = failed || file_append(from, to) != 0;

	const int error = errno;
	close(from);
	if (to >= 0)
		close(to);
	errno = error;
	return failed ? -1 : 0;
}

/* A directory that is there gets what was given, and nothing else. */
static int make_patch_directory(const struct patch *patch, const struct owner *owner)
{
	struct stat status;
	int is_new, mode = patch->mode;

	if (make_parents(patch->path) != 0)
		return -1;
	is_new = mkdir(patch->path, 0700) == 0;
	if (!is_new && (errno != EEXIST || stat(patch->path, &status) != 0))
		return -1;
	if (!is_new && !S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return -1;
	}
	if (is_new && mode == MODE_UNSET)
		mode = 0755;
	/* The owner first: a change of owner may take bits of the mode away. */
	if ((is_new || patch->owner != NULL) && chown(patch->path, owner->uid, owner->gid) != 0)
		return -1;
	return mode != MODE_UNSET ? chmod(patch->path, (mode_t)mode) : 0;
}

static int remove_path(const struct patch *patch)
{
	if (tree_remove(AT_FDCWD, patch->path) == 0)
		return 0;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

static int apply(const struct patch *patch, int seed_fd)
{
	struct owner owner;

	if (find_owner(patch->owner, &owner) != 0)
		return -1;
	switch (patch->kind) {
	case PATCH_FILE:
		return prepare_place(patch) != 0 ||
				       tree_copy_file(seed_fd, patch->source, patch->path,
						      patch->mode, &owner) != 0
			       ? -1
			       : 0;
	case PATCH_DIRECTORY:
		return prepare_place(patch) != 0 ||
				       tree_copy(seed_fd, patch->source, patch->path, &owner) != 0
			       ? -1
			       : 0;
	case PATCH_SYMLINK:
		return prepare_place(patch) != 0 || symlink(patch->target, patch->path) != 0 ? -1
											     : 0;
	case PATCH_APPEND:
		return append(patch, seed_fd);
	case PATCH_MKDIR:
		return make_patch_directory(patch, &owner);
	default:
		return remove_path(patch);
	}
}

int patches_apply(const struct setup_message *setup, int seed_fd, struct answer_message *answer)
{
	for (size_t i = 0; i < setup->patch_count; i++) {
		if (apply(&setup->patches[i], seed_fd) == 0)
			continue;
		answer->patch = (uint32_t)i + 1;
		return -1;
	}
	return 0;
}
