#include "guest-path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

int guest_path_split(const char *path, struct guest_path *to)
{
	size_t end = strlen(path), begin;

	while (end > 0 && path[end - 1] == '/')
		end--;
	for (begin = end; begin > 0 && path[begin - 1] != '/';)
		begin--;
	if (end - begin > NAME_MAX || begin >= sizeof(to->parent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to->name, path + begin, end - begin);
	to->name[end - begin] = '\0';
	memcpy(to->parent, path, begin);
	to->parent[begin] = '\0';
	if (to->name[0] != '\0' && strcmp(to->name, ".") != 0 && strcmp(to->name, "..") != 0)
		return 0;
	/* The root itself, or a name that is another's. */
	errno = EBUSY;
	return -1;
}

int guest_path_open_parent(const struct guest_path *path)
{
	return open(path->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}
