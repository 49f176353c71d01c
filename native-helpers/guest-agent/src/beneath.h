/*
 * Paths that must not lead out of a directory.
 */
#ifndef SKERRY_BENEATH_H
#define SKERRY_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Opens a path below an open directory; links in it are followed as long as they stay below it.
 * -1 with errno: EXDEV where the path leads out of the directory.
 */
int open_beneath(int directory_fd, const char *path, int flags);
/* The same, but for the links: there must be none. */
int open_without_links(int directory_fd, const char *path, int flags);
/*
 * Makes a directory and gives it away by its descriptor: whoever may write to the parent may put a
 * link or another file in its place meanwhile. -1 with errno, as the others.
 */
int make_own_directory(int parent_fd, const char *name, mode_t mode, uid_t uid, gid_t gid);

#endif
