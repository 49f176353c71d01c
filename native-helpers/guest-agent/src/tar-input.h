/*
 * A tar that comes in, entry by entry.
 */
#ifndef SKERRY_TAR_INPUT_H
#define SKERRY_TAR_INPUT_H

#include "tar-parse.h"

enum tar_next { TAR_ENTRY, TAR_END, TAR_BROKEN };

struct tar_input_entry {
	struct tar_parsed header;
	/* Of its extended header. */
	const uint8_t *records;
	size_t records_length;
};

/* Begins to read a descriptor. */
void tar_input_open(int fd);
/* Passes over what is left of the entry before; with TAR_BROKEN `why` says what is wrong. */
enum tar_next tar_input_next(struct tar_input_entry *entry, const char **why);
/* Some content of the entry: its length, 0 at its end, -1 where the tar ends too early. */
long tar_input_content(const uint8_t **bytes);

#endif
