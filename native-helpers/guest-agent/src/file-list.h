/*
 * A directory's entries, and one file.
 */
#ifndef SKERRY_FILE_LIST_H
#define SKERRY_FILE_LIST_H

#include "files.h"

/* Each answers and returns 0, or an exit code. */
int files_list(const char *path, const struct files_place *place);
/* Of a link: of the link itself. */
int files_stat(const char *path);

#endif
