#include "watch.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "log.h"

static int epoll_fd = -1;

int watch_open(void)
{
	if (epoll_fd >= 0)
		close(epoll_fd);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return epoll_fd;
}

void watch_set(struct watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data = {.ptr = watch}};
	int operation = EPOLL_CTL_MOD;

	if (watch->fd < 0 || events == watch->events)
		return;
	if (events == 0)
		operation = EPOLL_CTL_DEL;
	else if (watch->events == 0)
		operation = EPOLL_CTL_ADD;
	if (epoll_ctl(epoll_fd, operation, watch->fd, &event) != 0) {
		log_error("cannot watch descriptor %d: %s", watch->fd, strerror(errno));
		return;
	}
	watch->events = events;
}

void watch_close(struct watch *watch)
{
	if (watch->fd < 0)
		return;
	watch_set(watch, 0);
	close(watch->fd);
	watch->fd = -1;
}

int watch_wait(int timeout_ms)
{
	struct epoll_event event;
	const int count = epoll_wait(epoll_fd, &event, 1, timeout_ms);

	if (count < 0)
		return errno == EINTR ? 0 : -1;
	if (count == 1) {
		struct watch *watch = event.data.ptr;

		watch->on_events(watch->owner, event.events);
	}
	return 0;
}
