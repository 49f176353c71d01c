/*
 * Changes to files that move none of their bytes.
 */
#ifndef SKERRY_FILE_ALTER_H
#define SKERRY_FILE_ALTER_H

#include "files-message.h"

/* Each returns 0, or an exit code. */
int files_remove(const struct files_message *message);
int files_make_directory(const struct files_message *message);
int files_set_mode(const struct files_message *message);
int files_set_owner(const struct files_message *message);

#endif
