/*
 * Paths that must not lead out of a directory.
 */
#ifndef SKERRY_BENEATH_H
#define SKERRY_BENEATH_H

#include <stdbool.h>

/*
 * Opens a path below an open directory; links in it are followed as long as they stay below it.
 * -1 with errno: EXDEV where the path leads out of the directory.
 */
int open_beneath(int directory_fd, const char *path, int flags);
/* The same, but for the links: there must be none. */
int open_without_links(int directory_fd, const char *path, int flags);

#endif
