#include "freeze.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

/* <linux/fs.h> */
#define FREEZE_FILESYSTEM (int)_IOWR('X', 119, int)
#define THAW_FILESYSTEM (int)_IOWR('X', 120, int)

/* A host that dies meanwhile must not leave a guest that hangs. */
enum { LONGEST_MS = 10000 };

static int frozen_fd = -1;
static uint64_t deadline_ms;

bool is_frozen(void)
{
	return frozen_fd >= 0;
}

int freeze_begin(int directory_fd)
{
	if (directory_fd < 0) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (is_frozen()) {
		errno = EBUSY;
		return -1;
	}
	/* Most is written while everything goes on still: what is frozen waits for the rest alone. */
	if (syncfs(directory_fd) != 0 || ioctl(directory_fd, FREEZE_FILESYSTEM, 0) != 0)
		return -1;
	frozen_fd = directory_fd;
	deadline_ms = uptime_ms() + LONGEST_MS;
	return 0;
}

int freeze_end(void)
{
	const int fd = frozen_fd;

	if (fd < 0) {
		errno = EINVAL;
		return -1;
	}
	frozen_fd = -1;
	return ioctl(fd, THAW_FILESYSTEM, 0);
}

int freeze_tick(void)
{
	uint64_t now_ms;

	if (!is_frozen())
		return -1;
	now_ms = uptime_ms();
	if (now_ms < deadline_ms)
		return (int)(deadline_ms - now_ms);
	log_error("the host has left the writable disk frozen; letting it go on");
	if (freeze_end() != 0)
		log_error("cannot thaw the writable disk: %s", strerror(errno));
	return -1;
}
