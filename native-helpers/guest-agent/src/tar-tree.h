/*
 * Files of the guest as a tar on descriptor 1.
 */
#ifndef SKERRY_TAR_TREE_H
#define SKERRY_TAR_TREE_H

#include "tar-output.h"

/*
 * Puts a file, or a directory with all that is in it, under another path. Sockets are left out, what
 * the kernel makes up in directories below, and what cannot be read (`passed_over` counts that). 0,
 * or -1 with errno, when it has been reported.
 */
int tar_tree_put(int directory_fd, const char *name, const char *as);
/* Puts what is in an open directory, which it takes over. */
int tar_tree_put_contents(int directory_fd);

#endif
