#include "file-changes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "beneath.h"
#include "files-failure.h"
#include "own-files.h"

enum {
	DEPTH_MAX = 512,
	/* Entries that are looked at to know whether anything below a directory differs. */
	LOOK_MAX = 10000,
};

static bool is_entry(const char *name)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool is_whiteout(const struct stat *status)
{
	return S_ISCHR(status->st_mode) && status->st_rdev == 0;
}

static bool has_same_attributes(const struct stat *a, const struct stat *b)
{
	return a->st_mode == b->st_mode && a->st_uid == b->st_uid && a->st_gid == b->st_gid;
}

/* The path of an entry; false where it is too long. Undone with the length of before. */
static bool append(char path[], size_t capacity, const char *name, const char *end)
{
	const size_t length = strlen(path);

	return snprintf(path + length, capacity - length, "%s%s", name, end) <
	       (int)(capacity - length);
}

static int open_directory(int directory_fd, const char *name)
{
	return directory_fd < 0 ? -1
				: openat(directory_fd, name,
					 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void layers_close(struct layers *layers)
{
	close_fd(layers->upper_fd);
	close_fd(layers->lower_fd);
	layers->upper_fd = layers->lower_fd = -1;
}

/* Where a directory is in the root, if it is on the root's own filesystem. */
static bool find_in_root(const struct files_place *place, int directory_fd, const char *path,
			 char *inside, size_t capacity)
{
	char real[PATH_MAX];
	struct stat status, root;
	const size_t prefix = strlen(place->root);

	if (realpath(path, real) == NULL || fstat(directory_fd, &status) != 0 ||
	    stat(prefix == 0 ? "/" : place->root, &root) != 0 || status.st_dev != root.st_dev ||
	    strncmp(real, place->root, prefix) != 0)
		return false;
	const char *rest = real + prefix;
	if (*rest == '/')
		rest++;
	return snprintf(inside, capacity, "%s%s", rest, *rest == '\0' ? "" : "/") < (int)capacity;
}

void layers_open(const struct files_place *place, int directory_fd, const char *path,
		 struct layers *layers)
{
	*layers = (struct layers){.upper_fd = -1, .lower_fd = -1, .hostname = place->hostname};
	if (place->upper_fd < 0 ||
	    !find_in_root(place, directory_fd, path, layers->path, sizeof(layers->path)))
		return;
	const char *inside = layers->path[0] == '\0' ? "." : layers->path;
	layers->upper_fd = open_without_links(place->upper_fd, inside, O_RDONLY | O_DIRECTORY);
	if (layers->upper_fd >= 0)
		layers->lower_fd =
			open_without_links(place->lower_fd, inside, O_RDONLY | O_DIRECTORY);
}

static bool is_opaque(int upper_fd)
{
	char value;

	return fgetxattr(upper_fd, "trusted.overlay.opaque", &value, 1) == 1 && value == 'y';
}

static bool differs(struct layers *layers, int depth, int *left);

/* Takes the path one directory deeper and asks there. */
static bool differs_in(struct layers *layers, const char *name, int depth, int *left)
{
	const size_t length = strlen(layers->path);
	struct layers inner = *layers;
	bool result = true;

	inner.upper_fd = open_directory(layers->upper_fd, name);
	inner.lower_fd = open_directory(layers->lower_fd, name);
	if (inner.upper_fd >= 0 && inner.lower_fd >= 0 && depth > 0 &&
	    append(inner.path, sizeof(inner.path), name, "/"))
		result = differs(&inner, depth - 1, left);
	layers_close(&inner);
	layers->path[length] = '\0';
	return result;
}

/* Whether an entry of the upper directory is news; of a directory, whether anything in it is. */
static enum file_change change_of(struct layers *layers, const char *name, int depth, int *left)
{
	const size_t length = strlen(layers->path);
	struct stat upper, lower;
	bool is_own;

	if (fstatat(layers->upper_fd, name, &upper, AT_SYMLINK_NOFOLLOW) != 0)
		return CHANGE_NONE;
	if (!append(layers->path, sizeof(layers->path), name, ""))
		return CHANGE_MODIFIED;
	is_own = is_own_file(layers->upper_fd, name, layers->path, &upper, layers->hostname);
	layers->path[length] = '\0';
	if (is_own)
		return CHANGE_NONE;
	if (is_whiteout(&upper))
		return CHANGE_REMOVED;
	if (layers->lower_fd < 0 ||
	    fstatat(layers->lower_fd, name, &lower, AT_SYMLINK_NOFOLLOW) != 0)
		return CHANGE_ADDED;
	if (!S_ISDIR(upper.st_mode) || !S_ISDIR(lower.st_mode) ||
	    !has_same_attributes(&upper, &lower))
		return CHANGE_MODIFIED;
	return depth == 0 || differs_in(layers, name, depth, left) ? CHANGE_MODIFIED : CHANGE_NONE;
}

static bool differs(struct layers *layers, int depth, int *left)
{
	const int fd = dup(layers->upper_fd);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool found = is_opaque(layers->upper_fd);

	if (directory == NULL) {
		close_fd(fd);
		return true;
	}
	while (!found && (entry = readdir(directory)) != NULL)
		found = is_entry(entry->d_name) &&
			(--*left <= 0 ||
			 change_of(layers, entry->d_name, depth, left) != CHANGE_NONE);
	closedir(directory);
	return found;
}

enum file_change layers_change(struct layers *layers, const char *name)
{
	static int left = LOOK_MAX;
	enum file_change change;

	if (layers->upper_fd < 0)
		return CHANGE_NONE;
	change = change_of(layers, name, DEPTH_MAX, &left);
	/* It was just made, and is not listed as gone. */
	return change == CHANGE_REMOVED ? CHANGE_NONE : change;
}

/* Puts an entry of the image that is gone. */
static bool put_removed(int lower_fd, const char *name, const char *as)
{
	struct stat status;

	return fstatat(lower_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
	       answer_put_file(&(struct file_answer){.name = as,
						     .status = &status,
						     .directory_fd = -1,
						     .change = CHANGE_REMOVED});
}

/* Goes through a directory, for as long as more is wanted. */
static bool for_each(int directory_fd, bool (*visit)(void *context, const char *name),
		     void *context)
{
	const int fd = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool goes_on = true;

	if (directory == NULL) {
		close_fd(fd);
		return true;
	}
	while (goes_on && (entry = readdir(directory)) != NULL)
		if (is_entry(entry->d_name))
			goes_on = visit(context, entry->d_name);
	closedir(directory);
	return goes_on;
}

struct removal {
	const struct layers *layers;
	/* Where what is not there has gone from: the root, or the upper directory. */
	int directory_fd;
};

static bool put_if_gone(void *context, const char *name)
{
	const struct removal *removal = context;
	struct stat status;

	return fstatat(removal->directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ||
	       put_removed(removal->layers->lower_fd, name, name);
}

void layers_put_removed(const struct layers *layers, int directory_fd)
{
	struct removal removal = {.layers = layers, .directory_fd = directory_fd};

	if (layers->upper_fd >= 0 && layers->lower_fd >= 0)
		for_each(layers->lower_fd, put_if_gone, &removal);
}

static bool put_changes(struct layers *layers, int depth);

struct walk {
	struct layers *layers;
	int depth;
};

/* The path is without a slash in front; in the answer it has one. */
static bool put_entry(struct layers *layers, const char *name, enum file_change change)
{
	char as[sizeof(layers->path) + NAME_MAX + 1];
	struct stat status;

	snprintf(as, sizeof(as), "/%s%s", layers->path, name);
	if (change == CHANGE_REMOVED)
		return put_removed(layers->lower_fd, name, as);
	if (fstatat(layers->upper_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return true;
	return answer_put_file(&(struct file_answer){
		.name = as, .status = &status, .directory_fd = -1, .change = change});
}

static bool put_below(struct layers *layers, const char *name, int depth)
{
	struct layers inner = *layers;
	bool goes_on = true;

	inner.upper_fd = open_directory(layers->upper_fd, name);
	inner.lower_fd = open_directory(layers->lower_fd, name);
	if (inner.upper_fd >= 0 && depth > 0 &&
	    append(inner.path, sizeof(inner.path), name, "/"))
		goes_on = put_changes(&inner, depth - 1);
	layers_close(&inner);
	return goes_on;
}

static bool visit_upper(void *context, const char *name)
{
	const struct walk *walk = context;
	struct stat status;
	int none = 0;
	/* Only what a directory is itself: what is in it comes by its own path. */
	const enum file_change change = change_of(walk->layers, name, DEPTH_MAX, &none);
	const bool is_directory =
		fstatat(walk->layers->upper_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(status.st_mode);
	struct stat lower;
	const bool is_kept = is_directory && walk->layers->lower_fd >= 0 &&
			     fstatat(walk->layers->lower_fd, name, &lower, AT_SYMLINK_NOFOLLOW) == 0 &&
			     has_same_attributes(&status, &lower);

	if (change == CHANGE_NONE)
		return true;
	return (is_kept || put_entry(walk->layers, name, change)) &&
	       (!is_directory || put_below(walk->layers, name, walk->depth));
}

static bool visit_hidden(void *context, const char *name)
{
	const struct walk *walk = context;
	struct stat status;

	return fstatat(walk->layers->upper_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ||
	       put_entry(walk->layers, name, CHANGE_REMOVED);
}

static bool put_changes(struct layers *layers, int depth)
{
	struct walk walk = {.layers = layers, .depth = depth};

	if (!for_each(layers->upper_fd, visit_upper, &walk))
		return false;
	return layers->lower_fd < 0 || !is_opaque(layers->upper_fd) ||
	       for_each(layers->lower_fd, visit_hidden, &walk);
}

int files_changes(const char *path, const struct files_place *place)
{
	struct layers layers;
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);

	if (place->upper_fd < 0)
		return files_refuse(EOPNOTSUPP, path, "there is no image below this root");
	if (fd < 0)
		return files_fail(path);
	layers_open(place, fd, path, &layers);
	if (layers.upper_fd >= 0)
		put_changes(&layers, DEPTH_MAX);
	return answer_finish();
}
