/*
 * The message FILES (PROTOCOL.md, "FILES"): what is to be done with files of the guest.
 */
#ifndef SKERRY_FILES_MESSAGE_H
#define SKERRY_FILES_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILE_PATHS_MAX = 1000 };

enum files_action {
	FILES_LIST = 1,
	FILES_STAT = 2,
	FILES_READ = 3,
	FILES_WRITE = 4,
	FILES_RENAME = 5,
	FILES_REMOVE = 6,
	FILES_MAKE_DIRECTORY = 7,
	FILES_SET_MODE = 8,
	FILES_SET_OWNER = 9,
	FILES_CHANGES = 10,
	FILES_TAR = 11,
	FILES_UNTAR = 12,
	FILES_MEASURE = 13,
};

/* The texts live in one allocation, freed by files_message_free. */
struct files_message {
	uint32_t action;
	/* At least one, absolute; only TAR and MEASURE have more. */
	const char **paths;
	size_t path_count;
	/* Of RENAME. */
	const char *target;
	/* Of SET_OWNER. */
	const char *owner;
	/* Who owns what is made; NULL for root. */
	const char *user;
	/* Of WRITE: what is replaced; NULL for a new file. */
	const char *version;
	/* Of WRITE: the bytes that will come. Of READ: the most that are wanted. */
	uint64_t size;
	uint32_t mode;
	uint32_t recursive;
	uint32_t replace;
	uint32_t keep_owners;
	uint32_t contents;
	uint32_t follow;
	void *memory;
};

/* False where a field is missing, malformed or out of its bounds. */
bool files_parse(const uint8_t *payload, size_t length, struct files_message *message);
void files_message_free(struct files_message *message);

#endif
