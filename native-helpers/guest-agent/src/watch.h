/*
 * Descriptors that the event loop watches.
 */
#ifndef SKERRY_WATCH_H
#define SKERRY_WATCH_H

#include <stdint.h>

struct watch {
	/* -1 where there is none. */
	int fd;
	uint32_t events;
	void (*on_events)(void *owner, uint32_t events);
	void *owner;
};

/* Opens the epoll instance that all watches share, in place of one before; returns it, or -1. */
int watch_open(void);
/*
 * Asks for these events, or for none. Without events the descriptor leaves epoll altogether,
 * because EPOLLHUP would be reported all the same, again and again.
 */
void watch_set(struct watch *watch, uint32_t events);
/* Stops watching and closes the descriptor, if there is one. */
void watch_close(struct watch *watch);
/* Waits for one event at most and calls its watch, so that a watch may be freed by any other. */
int watch_wait(int timeout_ms);

#endif
