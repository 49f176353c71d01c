/*
 * The text of a small file, read and written whole.
 */
#ifndef SKERRY_FILE_EDIT_H
#define SKERRY_FILE_EDIT_H

#include "files-message.h"

/* Largest file that is read or written so. */
enum { EDITED_MAX_BYTES = 1024 * 1024 };

/* Each answers and returns 0, or an exit code. */
int files_read(const struct files_message *message);
/*
 * Puts descriptor 0 in the place of the file at once, with its mode, owner and attributes; what
 * fails leaves the file as it was.
 */
int files_write(const struct files_message *message);

#endif
