/*
 * Unpacks a tar into a directory. Nothing of it leads out of there: names are relative and without
 * `..`, and links on the way, of the tar or from before, are followed only as far as they stay below.
 */
#ifndef SKERRY_UNTAR_H
#define SKERRY_UNTAR_H

#include <stdbool.h>
#include <sys/types.h>

struct untar_options {
	/* Owners, attributes, and modes of directories that are there, as the tar has them. */
	bool keeps_owners;
	/* Who owns it all otherwise. */
	uid_t uid;
	gid_t gid;
};

/*
 * Reads the tar from `input_fd`. Each file appears whole, in the place of one that was there; it ends
 * at the first that cannot be made. Returns 0, or an exit code (files.h) when it has been said why.
 */
int untar(int input_fd, int directory_fd, const struct untar_options *options);

#endif
