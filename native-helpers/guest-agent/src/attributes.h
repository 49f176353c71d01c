/*
 * Extended attributes of a file, as records of a tar's extended header.
 */
#ifndef SKERRY_ATTRIBUTES_H
#define SKERRY_ATTRIBUTES_H

#include <stdbool.h>

#include "tar-header.h"

struct attributes {
	uint8_t records[TAR_ATTRIBUTES_MAX];
	size_t length;
	/* The directory hides what the layers below have in it. */
	bool is_opaque;
	/* The overlay took something from below under another name, or without its content. */
	bool is_redirected;
	/* Some could not be written down. */
	bool is_cut;
};

/*
 * Reads those of an open file; with -1, those of a name in the current directory, which may be a
 * link. What the overlay keeps for itself is not among them. 0, or -1 with errno.
 */
int attributes_read(int fd, const char *name, struct attributes *attributes);

#endif
