/*
 * Files of an overlay's upper directory as entries of a layer (OCI image specification, layer.md).
 *
 * A running guest changes its files: what has gone or become something else since it was listed is
 * passed over. `path` is from the root, without a slash in front. Each returns 0, or -1 when it has
 * reported what could not be read or written.
 */
#ifndef SKERRY_LAYER_ENTRIES_H
#define SKERRY_LAYER_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define WHITEOUT_PREFIX ".wh."

/*
 * From now on they are files of any directory, by paths as the tar has them: what an overlay marks
 * its upper directory with means nothing there.
 */
void entries_are_plain(void);
/* A line on descriptor 2 with the error of errno, which stays; returns -1. */
int report_failure(const char *path);
/*
 * What cannot be read, for the error of errno. A layer without it would be another one: -1, as
 * report_failure. Plain files are taken without it: it is left out with a line, and 0.
 */
int pass_over(const char *path);
/* How many plain files were passed over; and the first error of them, or 0. */
unsigned passed_over(void);
int passed_over_error(void);
/* A line on descriptor 2 about what is left out; of many, the first ones. */
void report_left_out(const char *path, const char *why);
/* Says how many more there were than have a line. */
void report_more_left_out(void);
/* Whether errno says that a file is no longer what was listed. */
bool has_gone(void);

/* Takes away what lower layers have at the path, the last `name_length` bytes of which are its name. */
int put_whiteout(const char *path, size_t name_length);
/*
 * An open directory, whose path ends with a slash or is empty for the root; and the mark that takes
 * away what lower layers have in it, if it does.
 */
int put_directory(int fd, const char *path);
/* Anything else but a whiteout; another name of what was put before is a hard link. */
int put_file(int directory_fd, const char *name, const char *path, const struct stat *status);

#endif
