#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "messages.h"

/* The kernel's interface, <linux/random.h>, whose headers a C library may come without. */
struct pool_info {
	int entropy_bits;
	int size;
	uint8_t bytes[ENTROPY_MAX];
};
#define ADD_ENTROPY (int)_IOW('R', 0x03, int[2])
#define RESEED _IO('R', 0x07)

static uint64_t milliseconds(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t uptime_ms(void)
{
	return milliseconds(CLOCK_BOOTTIME);
}

uint64_t wall_clock_ms(void)
{
	return milliseconds(CLOCK_REALTIME);
}

int set_wall_clock(uint64_t now_ms)
{
	const struct timespec now = {
		.tv_sec = (time_t)(now_ms / 1000),
		.tv_nsec = (long)(now_ms % 1000) * 1000000,
	};

	return clock_settime(CLOCK_REALTIME, &now);
}

int add_entropy(const uint8_t *bytes, size_t length)
{
	struct pool_info pool = {.entropy_bits = (int)length * 8, .size = (int)length};
	const int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);
	int failed;

	if (fd < 0)
		return -1;
	memcpy(pool.bytes, bytes, length);
	/* Without the reseed, a restored guest would go on with the generator of its snapshot. */
	failed = ioctl(fd, ADD_ENTROPY, &pool) != 0 || ioctl(fd, RESEED) != 0;
	explicit_bzero(&pool, sizeof(pool));

	const int error = errno;
	close(fd);
	errno = error;
	return failed ? -1 : 0;
}
