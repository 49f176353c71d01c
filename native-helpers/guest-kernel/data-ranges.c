/*
 * Prints the parts of a sparse file that are not all zero, as "OFFSET LENGTH" in bytes, one a line.
 * Reading the holes too would take seconds for a disk of some gigabytes, and Node has no SEEK_DATA.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { block_size = 4096 };

static const char zeros[block_size];

static int64_t range_start = -1;

static void end_range(int64_t end)
{
	if (range_start >= 0)
		printf("%" PRId64 " %" PRId64 "\n", range_start, end - range_start);
	range_start = -1;
}

/* Reports the ranges of blocks that hold anything from `offset` to `end`. */
static int scan(int file, int64_t offset, int64_t end)
{
	char block[block_size];

	for (; offset < end; offset += block_size) {
		ssize_t length = pread(file, block, sizeof(block), offset);

		if (length <= 0)
			return -1;
		if (memcmp(block, zeros, (size_t)length) == 0)
			end_range(offset);
		else if (range_start < 0)
			range_start = offset;
	}
	end_range(end);
	return 0;
}

int main(int argument_count, char **arguments)
{
	int file = argument_count == 2 ? open(arguments[1], O_RDONLY | O_CLOEXEC) : -1;
	int64_t offset = 0;

	if (file < 0) {
		fprintf(stderr, "usage: data-ranges FILE (which can be read)\n");
		return 2;
	}
	while ((offset = lseek(file, offset, SEEK_DATA)) >= 0) {
		int64_t end = lseek(file, offset, SEEK_HOLE);

		if (end < 0 || scan(file, offset, end) != 0)
			break;
		offset = end;
	}
	/* ENXIO: there is no more data. */
	if (errno != ENXIO) {
		perror("data-ranges");
		return 1;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
