/*
 * Files on their way out of the guest and into it, as a tar.
 */
#ifndef SKERRY_FILE_TRANSFER_H
#define SKERRY_FILE_TRANSFER_H

#include "files-message.h"

/* Each returns 0, or an exit code. */
int files_tar(const struct files_message *message);
/* Answers with a file whose size is that of the tar, unless it would take long to say. */
int files_measure(const struct files_message *message);
int files_untar(const struct files_message *message);

#endif
