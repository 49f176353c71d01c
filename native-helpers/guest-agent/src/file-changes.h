/*
 * How files of an overlay's root stand against what is below its upper directory: the image.
 */
#ifndef SKERRY_FILE_CHANGES_H
#define SKERRY_FILE_CHANGES_H

#include "file-answer.h"
#include "files.h"

/* One directory of the root, in each of the two that it is joined of. */
struct layers {
	/* -1 where nothing in it differs, or nothing is known of it. */
	int upper_fd;
	/* -1 where the image has no such directory. */
	int lower_fd;
	/* From the root, without a slash in front, and with one at its end where it is not the root. */
	char path[4096 + 1];
	const char *hostname;
};

/* Opens those of a directory, which is open itself. */
void layers_open(const struct files_place *place, int directory_fd, const char *path,
		 struct layers *layers);
void layers_close(struct layers *layers);
/* How an entry that is there stands. */
enum file_change layers_change(struct layers *layers, const char *name);
/* Puts what the image has in the directory and the root has not. */
void layers_put_removed(const struct layers *layers, int directory_fd);

/* Answers with all that differs at a path and below. */
int files_changes(const char *path, const struct files_place *place);

#endif
