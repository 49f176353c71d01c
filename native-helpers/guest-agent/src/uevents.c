#include "uevents.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

/* <linux/netlink.h>, whose headers a C library may come without. */
struct netlink_address {
	sa_family_t family;
	uint16_t padding;
	uint32_t port;
	uint32_t groups;
};
enum { KOBJECT_UEVENT = 15, KERNEL_GROUP = 1 };

static int uevents_fd = -1;

int uevents_open(void)
{
	const struct netlink_address address = {.family = AF_NETLINK, .groups = KERNEL_GROUP};

	uevents_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, KOBJECT_UEVENT);
	if (uevents_fd < 0)
		return -1;
	return bind(uevents_fd, (const struct sockaddr *)&address, sizeof(address));
}

/* What the events say does not matter: the answer is in /sys. Lost ones (ENOBUFS) neither. */
static void drain(void)
{
	char event[8192];

	while (recv(uevents_fd, event, sizeof(event), 0) >= 0 || errno == ENOBUFS)
		continue;
}

bool uevents_wait(bool (*is_there)(void *context), void *context, int timeout_ms)
{
	const uint64_t deadline = uptime_ms() + (uint64_t)timeout_ms;

	for (;;) {
		struct pollfd socket = {.fd = uevents_fd, .events = POLLIN};
		const uint64_t now = uptime_ms();

		drain();
		if (is_there(context))
			return true;
		if (now >= deadline) {
			errno = ETIMEDOUT;
			return false;
		}
		poll(&socket, 1, (int)(deadline - now));
	}
}
