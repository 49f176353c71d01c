/*
 * Answers about files on descriptor 1: a list of fields, each file a list of its own.
 */
#ifndef SKERRY_FILE_ANSWER_H
#define SKERRY_FILE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum file_change {
	CHANGE_NONE = 0,
	CHANGE_ADDED = 1,
	CHANGE_MODIFIED = 2,
	CHANGE_REMOVED = 3,
};

/* Files of one answer, and what they may take. */
enum { FILES_LISTED_MAX = 10000, ANSWER_MAX_BYTES = 8 * 1024 * 1024 };

struct file_answer {
	/* What the file is called in the answer. */
	const char *name;
	const struct stat *status;
	/* Where a link is read: its directory, and its name there. */
	int directory_fd;
	const char *link_name;
	enum file_change change;
	/* Whether a write is to find out what was read. */
	bool has_version;
};

/* False, and the answer is marked as cut, where there is no more room. */
bool answer_put_file(const struct file_answer *file);
/* Marks the answer as cut. */
void answer_put_cut(void);
void answer_put_content(const void *bytes, size_t length);
/* Sends what is left of it. 0, or an exit code. */
int answer_finish(void);

enum { FILE_VERSION_MAX = 64 };
/* What a file is now, as a text that is another one when it has been written to. */
void file_version(const struct stat *status, char version[FILE_VERSION_MAX]);

#endif
