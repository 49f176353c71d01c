#include "tar-output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_SIZE = 256 * 1024, OUTPUT_FD = 1, END_BLOCKS = 2 };

static uint8_t buffer[BUFFER_SIZE];
static size_t used;

static int flush(void)
{
	for (size_t done = 0; done < used;) {
		const ssize_t written = write(OUTPUT_FD, buffer + done, used - done);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0)
			done += (size_t)written;
	}
	used = 0;
	return 0;
}

static int put_zeros(uint64_t count)
{
	while (count > 0) {
		const size_t room = BUFFER_SIZE - used;
		const size_t piece = count < room ? (size_t)count : room;

		memset(buffer + used, 0, piece);
		used += piece;
		count -= piece;
		if (used == BUFFER_SIZE && flush() != 0)
			return -1;
	}
	return 0;
}

int tar_put_header(const struct tar_entry *entry)
{
	size_t size;

	if (BUFFER_SIZE - used < TAR_HEADER_MAX && flush() != 0)
		return -1;
	size = tar_header(entry, buffer + used, BUFFER_SIZE - used);
	if (size == 0) {
		errno = ENAMETOOLONG;
		return -1;
	}
	used += size;
	return 0;
}

int tar_put_content(int fd, uint64_t size)
{
	uint64_t left = size;

	while (left > 0) {
		const size_t room = BUFFER_SIZE - used;
		const ssize_t have = read(fd, buffer + used, left < room ? (size_t)left : room);

		if (have < 0 && errno == EINTR)
			continue;
		if (have < 0)
			return -1;
		if (have == 0)
			break;
		used += (size_t)have;
		left -= (uint64_t)have;
		if (used == BUFFER_SIZE && flush() != 0)
			return -1;
	}
	return put_zeros(left + tar_padding(size));
}

int tar_finish(void)
{
	return put_zeros((uint64_t)END_BLOCKS * TAR_BLOCK) != 0 ? -1 : flush();
}
