/*
 * Headers of a tar: POSIX.1-1988 (ustar), with extended ones (pax, POSIX.1-2001) before those that
 * have no room for what they say. Pure: no system calls, no allocation.
 */
#ifndef SKERRY_TAR_HEADER_H
#define SKERRY_TAR_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tar-fields.h"

enum {
	/* Of all attributes of an entry, as records. */
	TAR_ATTRIBUTES_MAX = 96 * 1024,
	/* What any entry has room in: attributes, a path and a link of 4096 bytes each, numbers. */
	TAR_HEADER_MAX = TAR_ATTRIBUTES_MAX + 16 * 1024,
};

enum tar_type {
	TAR_FILE = '0',
	TAR_HARD_LINK = '1',
	TAR_SYMLINK = '2',
	TAR_CHARACTER_DEVICE = '3',
	TAR_BLOCK_DEVICE = '4',
	TAR_DIRECTORY = '5',
	TAR_FIFO = '6',
};

struct tar_entry {
	enum tar_type type;
	/* From the root, without a slash in front; of a directory, with one at its end. */
	const char *path;
	/* Of both kinds of links; else NULL. */
	const char *link;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	uint64_t size;
	int64_t mtime_seconds;
	uint32_t mtime_nanoseconds;
	uint32_t major;
	uint32_t minor;
	/* Whole records of an extended header. */
	const uint8_t *attributes;
	size_t attributes_length;
};

/* Writes "LENGTH KEY=VALUE\n"; returns its size, or 0 where it does not fit or the key has a "=". */
size_t tar_record(uint8_t *at, size_t capacity, const char *key, const void *value, size_t length);

/* Writes the header, or both, in whole blocks; returns their size, or 0 where they do not fit. */
size_t tar_header(const struct tar_entry *entry, uint8_t *at, size_t capacity);

/* Bytes that fill the last block of a content. */
size_t tar_padding(uint64_t size);

#endif
