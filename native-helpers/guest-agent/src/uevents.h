/*
 * Waits for devices without polling: the kernel tells of each by netlink.
 */
#ifndef SKERRY_UEVENTS_H
#define SKERRY_UEVENTS_H

#include <stdbool.h>

/* Opens the socket; before whatever makes the devices appear. 0, or -1 with errno. */
int uevents_open(void);
/* Asks `is_there` now and after each event; false with ETIMEDOUT when the time is up. */
bool uevents_wait(bool (*is_there)(void *context), void *context, int timeout_ms);

#endif
