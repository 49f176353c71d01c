/*
 * Headers of a tar, read: POSIX.1-1988 (ustar) and 2001 (pax), and GNU's long names. Pure: no system
 * calls, no allocation. Every byte may be an attacker's.
 */
#ifndef SKERRY_TAR_PARSE_H
#define SKERRY_TAR_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TAR_PATH_MAX = 4096, TAR_EXTENDED_MAX = 256 * 1024 };

/* One block, as it stands; or with what extended headers say in place of it. */
struct tar_parsed {
	char type;
	/* Both end with a NUL. */
	char path[TAR_PATH_MAX];
	char link[TAR_PATH_MAX];
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	uint64_t size;
	int64_t mtime_seconds;
	uint32_t mtime_nanoseconds;
};

enum tar_block_kind {
	TAR_BLOCK_HEADER,
	/* All zeros: the end. */
	TAR_BLOCK_END,
	TAR_BLOCK_BAD,
};

enum tar_block_kind tar_parse_block(const uint8_t *block, struct tar_parsed *to);

/* One record of an extended header. */
struct tar_pax_record {
	const char *key;
	size_t key_length;
	const uint8_t *value;
	size_t value_length;
};

/* Takes the record at `*at`, which it moves on; false where there is none or the rest is malformed. */
bool tar_next_record(const uint8_t *records, size_t length, size_t *at,
		     struct tar_pax_record *record);
bool tar_record_is(const struct tar_pax_record *record, const char *key);
/*
 * Puts what the records say in the place of what the block does. False where they are malformed, or
 * say that the file has holes, which is not understood.
 */
bool tar_apply_records(const uint8_t *records, size_t length, struct tar_parsed *to);

#endif
