#include "tar-output.h"

#include <errno.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "clock.h"

enum {
	BUFFER_SIZE = 256 * 1024,
	OUTPUT_FD = 1,
	END_BLOCKS = 2,
	/* Content from which on it is worth to be sent by itself; and how much at once. */
	SENT_MIN = 64 * 1024,
	SENT_MAX = 1024 * 1024,
	/* As far as it is counted: what takes longer is not worth to be known before. */
	COUNTED_MAX = 100 * 1000,
	COUNTED_MAX_MS = 3000,
};

static uint8_t buffer[BUFFER_SIZE];
static size_t used;
static uint64_t entries;
static bool is_counting;
static uint64_t counted;
static uint64_t count_deadline_ms;

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

void tar_count_only(void)
{
	is_counting = true;
	count_deadline_ms = uptime_ms() + COUNTED_MAX_MS;
}

bool tar_count_is_over(void)
{
	return is_counting && (entries > COUNTED_MAX || uptime_ms() > count_deadline_ms);
}

uint64_t tar_counted_bytes(void)
{
	return counted;
}

uint64_t tar_entry_count(void)
{
	return entries;
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
	entries++;
	if (is_counting)
		counted += size;
	else
		used += size;
	return 0;
}

/*
 * Moves pages of a large file where the kernel can, without a copy. What is left is read then, which
 * says why where it cannot be.
 */
static int send_content(int fd, uint64_t *left)
{
	if (*left < SENT_MIN)
		return 0;
	if (flush() != 0)
		return -1;
	while (*left > 0) {
		const ssize_t sent = sendfile(OUTPUT_FD, fd, NULL,
					      *left < SENT_MAX ? (size_t)*left : SENT_MAX);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EPIPE ? -1 : 0;
		if (sent == 0)
			break;
		*left -= (uint64_t)sent;
	}
	return 0;
}

/* What has been read goes out; what is missing is zeros. */
enum tar_content tar_put_content(int fd, uint64_t size)
{
	uint64_t left = size;
	ssize_t have = 0;
	int error = 0;

	if (is_counting) {
		counted += size + tar_padding(size);
		return TAR_CONTENT_WHOLE;
	}
	if (send_content(fd, &left) != 0)
		return TAR_CONTENT_UNWRITTEN;
	while (left > 0) {
		const size_t room = BUFFER_SIZE - used;

		have = read(fd, buffer + used, left < room ? (size_t)left : room);
		if (have < 0 && errno == EINTR)
			continue;
		if (have <= 0)
			break;
		used += (size_t)have;
		left -= (uint64_t)have;
		if (used == BUFFER_SIZE && flush() != 0)
			return TAR_CONTENT_UNWRITTEN;
	}
	if (have < 0)
		error = errno;
	if (put_zeros(left + tar_padding(size)) != 0)
		return TAR_CONTENT_UNWRITTEN;
	errno = error;
	return error == 0 ? TAR_CONTENT_WHOLE : TAR_CONTENT_CUT;
}

int tar_finish(void)
{
	if (is_counting) {
		counted += (uint64_t)END_BLOCKS * TAR_BLOCK;
		return 0;
	}
	return put_zeros((uint64_t)END_BLOCKS * TAR_BLOCK) != 0 ? -1 : flush();
}
