#include "untar-place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"

/* The directory of the entry before, in which the next one often is. */
static int open_fd = -1;
static char open_path[TAR_PATH_MAX];

const char *untar_path(const char *path, struct plain_path *to)
{
	size_t length = 0;

	if (path[0] == '/')
		return "its name is absolute";
	to->name = 0;
	for (const char *part = path; *part != '\0';) {
		const size_t part_length = strcspn(part, "/");

		if (part_length == 2 && memcmp(part, "..", 2) == 0)
			return "its name leads out of the directory";
		if (part_length > 0 && !(part_length == 1 && part[0] == '.')) {
			if (length > 0)
				to->text[length++] = '/';
			to->name = length;
			memcpy(to->text + length, part, part_length);
			length += part_length;
		}
		part += part_length;
		part += *part == '/';
	}
	to->text[length] = '\0';
	return NULL;
}

const char *untar_name(const struct plain_path *path)
{
	return path->text + path->name;
}

/* Goes down part by part, making what is missing. */
static int make_way(int directory_fd, char *path, uid_t uid, gid_t gid)
{
	int fd = dup(directory_fd);

	for (char *part = path; fd >= 0 && part != NULL;) {
		char *slash = strchr(part, '/');
		int next;

		if (slash != NULL)
			*slash = '\0';
		next = open_beneath(directory_fd, path, O_RDONLY | O_DIRECTORY);
		if (next < 0 && errno == ENOENT && make_own_directory(fd, part, 0755, uid, gid) == 0)
			next = open_beneath(directory_fd, path, O_RDONLY | O_DIRECTORY);

		const int error = errno;
		close(fd);
		errno = error;
		fd = next;
		if (slash != NULL)
			*slash = '/';
		part = slash == NULL ? NULL : slash + 1;
	}
	return fd;
}

int untar_parent(int directory_fd, const struct plain_path *path, uid_t uid, gid_t gid)
{
	char parent[TAR_PATH_MAX];

	if (path->name == 0)
		return directory_fd;
	memcpy(parent, path->text, path->name - 1);
	parent[path->name - 1] = '\0';
	if (open_fd >= 0 && strcmp(parent, open_path) == 0)
		return open_fd;
	if (open_fd >= 0)
		close(open_fd);
	open_fd = open_beneath(directory_fd, parent, O_RDONLY | O_DIRECTORY);
	if (open_fd < 0 && errno == ENOENT)
		open_fd = make_way(directory_fd, parent, uid, gid);
	if (open_fd >= 0)
		strcpy(open_path, parent);
	return open_fd;
}
