/*
 * Trees of files: removing them, and copying them from a read-only filesystem.
 */
#ifndef SKERRY_TREE_H
#define SKERRY_TREE_H

#include <sys/types.h>

/* Who is to own what is copied. */
struct owner {
	uid_t uid;
	gid_t gid;
};

/* Removes a file, or a directory with all that is in it on its own filesystem. 0, or -1 with errno. */
int tree_remove(int directory_fd, const char *name);
/* Removes what is in a directory, as far as it can be; takes the descriptor over. */
void tree_empty(int directory_fd);
/* Copies a regular file to a new one; `mode` as the source's where it is negative. */
int tree_copy_file(int directory_fd, const char *source, const char *path, int mode,
		   const struct owner *owner);
/* Copies a directory with all that is in it to a new one. 0, or -1 with errno. */
int tree_copy(int directory_fd, const char *source, const char *path, const struct owner *owner);
/* Writes what an open file holds to the end of another. 0, or -1 with errno. */
int file_append(int from_fd, int to_fd);

#endif
