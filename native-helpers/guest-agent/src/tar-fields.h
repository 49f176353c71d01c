/*
 * Where the fields of a tar's header are (POSIX.1-1988, ustar), for who writes them and who reads
 * them.
 */
#ifndef SKERRY_TAR_FIELDS_H
#define SKERRY_TAR_FIELDS_H

enum {
	TAR_BLOCK = 512,
	TAR_NAME = 0,
	TAR_NAME_WIDTH = 100,
	TAR_MODE = 100,
	TAR_UID = 108,
	TAR_GID = 116,
	TAR_SIZE = 124,
	TAR_MTIME = 136,
	TAR_CHECKSUM = 148,
	TAR_TYPE = 156,
	TAR_LINK = 157,
	TAR_MAGIC = 257,
	TAR_MAJOR = 329,
	TAR_MINOR = 337,
	TAR_PREFIX = 345,
	TAR_PREFIX_WIDTH = 155,
	/* Of the two kinds of numbers: octal digits and a NUL. */
	TAR_SHORT_WIDTH = 8,
	TAR_LONG_WIDTH = 12,
};

#endif
