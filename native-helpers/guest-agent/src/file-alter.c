#include "file-alter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "files-failure.h"
#include "files-user.h"
#include "guest-path.h"
#include "tree.h"

enum { DEPTH_MAX = 512 };

int files_remove(const struct files_message *message)
{
	const char *path = message->paths[0];
	struct guest_path parts;
	struct stat status;
	const int fd = guest_path_split(path, &parts) != 0 ? -1 : guest_path_open_parent(&parts);
	int failed;

	if (fd < 0 || fstatat(fd, parts.name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return files_fail(path);
	failed = message->recursive != 0
			 ? tree_remove(fd, parts.name)
			 : unlinkat(fd, parts.name, S_ISDIR(status.st_mode) ? AT_REMOVEDIR : 0);
	return failed != 0 ? files_fail(path) : 0;
}

static int make_one(const char *path, const struct user *user)
{
	struct guest_path parts;
	const int fd = guest_path_split(path, &parts) != 0 ? -1 : guest_path_open_parent(&parts);
	int failed, error;

	if (fd < 0)
		return -1;
	failed = make_own_directory(fd, parts.name, 0755, user->uid, user->gid);
	error = errno;
	close(fd);
	errno = error;
	return failed;
}

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Makes what is missing of the directories above. */
static int make_above(const char *path, const struct user *user)
{
	char above[PATH_MAX];

	if (strlen(path) >= sizeof(above)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(above, path);
	for (char *slash = strchr(above + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!is_directory(above) && make_one(above, user) != 0)
			return -1;
		*slash = '/';
	}
	return 0;
}

int files_make_directory(const struct files_message *message)
{
	const char *path = message->paths[0];
	struct user user;
	const int code = files_find_user(message->user, &user);

	if (code != 0)
		return code;
	if (message->recursive != 0 && is_directory(path))
		return 0;
	if ((message->recursive != 0 && make_above(path, &user) != 0) ||
	    make_one(path, &user) != 0)
		return files_fail(path);
	return 0;
}

/* What is done to each file: a mode, or owners of which -1 stay. */
struct alteration {
	bool is_mode;
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

/* With AT_SYMLINK_NOFOLLOW a link that has taken the place of a file meanwhile is not followed. */
static int alter_at(int directory_fd, const char *name, const struct alteration *alteration,
		    int flags)
{
	return alteration->is_mode
		       ? fchmodat(directory_fd, name, alteration->mode, flags)
		       : fchownat(directory_fd, name, alteration->uid, alteration->gid, flags);
}

static int alter_below(int directory_fd, const struct alteration *alteration, int depth);

/* Links are changed themselves, where they can be, and never followed. */
static int alter_entry(int directory_fd, const char *name, const struct alteration *alteration,
		       int depth)
{
	struct stat status;
	int fd;

	if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : -1;
	if (S_ISLNK(status.st_mode) && alteration->is_mode)
		return 0;
	if (alter_at(directory_fd, name, alteration, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	if (!S_ISDIR(status.st_mode))
		return 0;
	fd = openat(directory_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -1 : alter_below(fd, alteration, depth - 1);
}

/* Takes the descriptor over. Ends with the first failure. */
static int alter_below(int directory_fd, const struct alteration *alteration, int depth)
{
	DIR *directory = fdopendir(directory_fd);
	const struct dirent *entry;
	int failed = 0, error;

	if (directory == NULL || depth == 0) {
		error = directory == NULL ? errno : ELOOP;
		if (directory != NULL)
			closedir(directory);
		errno = error;
		return -1;
	}
	while (failed == 0 && (entry = readdir(directory)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			failed = alter_entry(directory_fd, entry->d_name, alteration, depth);
	error = errno;
	closedir(directory);
	errno = error;
	return failed;
}

/* The file that the path leads to, and with `recursive` all below it. */
static int alter(const struct files_message *message, const struct alteration *alteration)
{
	const char *path = message->paths[0];
	struct stat status;
	int fd;

	if (alter_at(AT_FDCWD, path, alteration, 0) != 0 || stat(path, &status) != 0)
		return files_fail(path);
	if (message->recursive == 0 || !S_ISDIR(status.st_mode))
		return 0;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || alter_below(fd, alteration, DEPTH_MAX) != 0 ? files_fail(path) : 0;
}

int files_set_mode(const struct files_message *message)
{
	return alter(message,
		     &(struct alteration){.is_mode = true, .mode = (mode_t)message->mode});
}

/* `USER`, `USER:GROUP` or `:GROUP`; what is not named stays. */
static bool find_owner(const char *owner, struct alteration *alteration)
{
	char whole[512];
	struct user user;
	const char *group = strchr(owner, ':');
	const bool has_user = group != owner;

	if (snprintf(whole, sizeof(whole), "%s%s", has_user ? "" : "0", owner) >=
		    (int)sizeof(whole) ||
	    user_find(whole, &user) != 0)
		return false;
	alteration->uid = has_user ? user.uid : (uid_t)-1;
	alteration->gid = group != NULL ? user.gid : (gid_t)-1;
	return true;
}

int files_set_owner(const struct files_message *message)
{
	struct alteration alteration = {0};

	if (!find_owner(message->owner, &alteration))
		return files_refuse(EINVAL, message->owner, "there is no such user or group");
	return alter(message, &alteration);
}
