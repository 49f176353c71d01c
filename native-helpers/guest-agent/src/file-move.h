/*
 * Another path for a file.
 */
#ifndef SKERRY_FILE_MOVE_H
#define SKERRY_FILE_MOVE_H

#include "files-message.h"

/*
 * Renames; where a filesystem cannot, as an overlay with a directory of its image, it copies to
 * beside the new path, renames that, and removes what was. Returns 0, or an exit code.
 */
int files_rename(const struct files_message *message);

#endif
