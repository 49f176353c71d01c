/*
 * What an entry of a tar says of its file besides the bytes: owner, mode, time, attributes.
 */
#ifndef SKERRY_UNTAR_ATTRIBUTES_H
#define SKERRY_UNTAR_ATTRIBUTES_H

#include "tar-input.h"
#include "untar.h"

/* Of an open file or directory, but for the time of a directory, which what is made in it changes. */
int untar_set_file(int fd, const struct tar_input_entry *entry, const struct untar_options *options);
/* Of a link or a pipe. Each returns 0, or -1 with errno. */
int untar_set_special(int parent_fd, const char *name, const struct tar_input_entry *entry,
		      const struct untar_options *options);

#endif
