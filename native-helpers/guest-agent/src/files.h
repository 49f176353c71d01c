/*
 * What FILES asks (PROTOCOL.md, "FILES"), done in a process of its own.
 */
#ifndef SKERRY_FILES_H
#define SKERRY_FILES_H

#include "files-message.h"

/* Where paths begin, and what is behind them. */
struct files_place {
	/* What stands before the paths of an overlay's root: nothing in a guest. */
	const char *root;
	/* The directories of that overlay; -1 where there is none. */
	int upper_fd;
	int lower_fd;
	const char *hostname;
};

/* Exit codes besides 0 and the errno of what failed. */
enum {
	FILES_HAS_CHANGED = 200,
	FILES_BAD_ARCHIVE = 201,
	FILES_LEFT_OUT = 202,
};

/*
 * Reads descriptor 0, answers on 1 and says on 2 what went wrong; keeps no other descriptor but
 * those of the place. Returns the exit code.
 */
int files_run(const struct files_message *message, const struct files_place *place);

#endif
