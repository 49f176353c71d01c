/*
 * A path taken apart: the directory that a file is in, and its name there.
 */
#ifndef SKERRY_GUEST_PATH_H
#define SKERRY_GUEST_PATH_H

#include <limits.h>

struct guest_path {
	char parent[PATH_MAX];
	char name[NAME_MAX + 1];
};

/* Takes an absolute path apart; slashes at its end count for nothing. -1 with errno: there is no name. */
int guest_path_split(const char *path, struct guest_path *to);
/* Opens the directory, links on the way to it followed. -1 with errno. */
int guest_path_open_parent(const struct guest_path *path);

#endif
