/*
 * A tar on its way to descriptor 1, in large pieces.
 */
#ifndef SKERRY_TAR_OUTPUT_H
#define SKERRY_TAR_OUTPUT_H

#include "tar-header.h"

/* Each returns 0, or -1 with errno. */
int tar_put_header(const struct tar_entry *entry);
/*
 * The content that a header announced, and the padding behind it. Of a file that has become shorter
 * or longer since: zeros in place of what is missing, and nothing of what is more.
 */
int tar_put_content(int fd, uint64_t size);
/* The end of the tar; nothing may follow. */
int tar_finish(void);

#endif
