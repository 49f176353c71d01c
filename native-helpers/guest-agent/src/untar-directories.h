/*
 * Times of directories, which are set when nothing is made in them any more.
 */
#ifndef SKERRY_UNTAR_DIRECTORIES_H
#define SKERRY_UNTAR_DIRECTORIES_H

#include "tar-input.h"
#include "untar.h"

/* Sets owner and mode of an open directory now, and its time later, where there is room to remember. */
void untar_directory_later(int fd, const char *path, const struct tar_input_entry *entry,
			   const struct untar_options *options);
/* Sets the times, of those that are still there. */
void untar_finish_directories(int top_fd);

#endif
