#include "kernel-log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "messages.h"

/* Records for one answer, those that are passed over included. */
enum { READS_MAX = 2048, KMSG_MAJOR = 1, KMSG_MINOR = 11 };

static int log_fd = -1;

/* The guest may have put anything at this path. */
static bool open_log(void)
{
	struct stat file;

	if (log_fd >= 0)
		return true;
	log_fd = open("/dev/kmsg", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (log_fd >= 0 && (fstat(log_fd, &file) != 0 || !S_ISCHR(file.st_mode) ||
			    file.st_rdev != makedev(KMSG_MAJOR, KMSG_MINOR))) {
		close(log_fd);
		log_fd = -1;
	}
	return log_fd >= 0;
}

/* The console shows what has a lower level than the first number; with 0 nothing is left out. */
static int console_level(void)
{
	const int fd = open("/proc/sys/kernel/printk", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char text[64];
	ssize_t length;

	if (fd < 0)
		return 0;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[length > 0 ? length : 0] = '\0';
	return atoi(text);
}

void kernel_log_put(struct fields_writer *writer)
{
	/* The largest record of the kernel, with all that it says of a device. */
	static char bytes[8192];
	const int shown_below = open_log() ? console_level() : 0;
	const size_t last = FIELD_HEADER_SIZE + 4;
	bool is_more = log_fd >= 0;

	for (int reads = 0; is_more && reads < READS_MAX; reads++) {
		struct kernel_record record;
		ssize_t length;

		if (writer->length + FIELD_HEADER_SIZE + KERNEL_RECORD_MAX + last >
		    KERNEL_LOG_REPLY_MAX)
			break;
		length = read(log_fd, bytes, sizeof(bytes));
		if (length < 0 && (errno == EPIPE || errno == EINTR))
			continue; /* Older ones made way: the next read has what is there. */
		if (length <= 0)
			is_more = false;
		else if (kernel_record_parse(bytes, (size_t)length, &record) &&
			 record.level >= shown_below)
			kernel_record_write(writer, &record);
	}
	fields_put_u32(writer, TAG_IS_MORE, is_more);
}
