/*
 * What the agent itself puts into a root, and no image is to have of it.
 */
#ifndef SKERRY_OWN_FILES_H
#define SKERRY_OWN_FILES_H

#include <stdbool.h>
#include <sys/stat.h>

enum { HOSTS_FILE_MAX = 512 };

/* The file /etc/hosts of a guest with this name, where its image has none. */
void hosts_file_text(const char *hostname, char text[HOSTS_FILE_MAX]);

/*
 * Whether what `path` (from the root, without a slash in front) is in the upper directory is the
 * agent's doing. `name` is its last part, in the open directory that it is in.
 */
bool is_own_file(int directory_fd, const char *name, const char *path, const struct stat *status,
		 const char *hostname);

#endif
