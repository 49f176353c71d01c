/*
 * Where an entry of a tar belongs: the directory it is in, made where it is missing, and its name.
 */
#ifndef SKERRY_UNTAR_PLACE_H
#define SKERRY_UNTAR_PLACE_H

#include <sys/types.h>

#include "tar-parse.h"

/* A path of a tar in its plain form: no empty parts, none that are `.`, no slash at its end. */
struct plain_path {
	/* Empty where it is the directory itself. */
	char text[TAR_PATH_MAX];
	/* Where its last part begins. */
	size_t name;
};

/* NULL, or why the path is refused. */
const char *untar_path(const char *path, struct plain_path *to);
/*
 * The open directory of a path below another, which stays open until the next call; directories that
 * are missing are made, and owned as is said. -1 with errno.
 */
int untar_parent(int directory_fd, const struct plain_path *path, uid_t uid, gid_t gid);
const char *untar_name(const struct plain_path *path);

#endif
