/*
 * A tar on its way to descriptor 1, in large pieces.
 */
#ifndef SKERRY_TAR_OUTPUT_H
#define SKERRY_TAR_OUTPUT_H

#include <stdbool.h>

#include "tar-header.h"

/*
 * From now on nothing is written: the bytes are counted. After too many entries, or too long a
 * time, it is over.
 */
void tar_count_only(void);
/* Whether counting has become too much work. */
bool tar_count_is_over(void);
uint64_t tar_counted_bytes(void);
/* Entries that were put. */
uint64_t tar_entry_count(void);

/* 0, or -1 with errno. */
int tar_put_header(const struct tar_entry *entry);
/*
 * The content that a header announced, and the padding behind it. Of a file that has become shorter
 * or longer since: zeros in place of what is missing, and nothing of what is more. CUT: it could not
 * be read to its end, for the error of errno; there are zeros in place of the rest.
 */
enum tar_content { TAR_CONTENT_WHOLE, TAR_CONTENT_CUT, TAR_CONTENT_UNWRITTEN };
enum tar_content tar_put_content(int fd, uint64_t size);
/* The end of the tar; nothing may follow. 0, or -1 with errno. */
int tar_finish(void);

#endif
