/*
 * Finds what listens on a port in the guest.
 */
#ifndef SKERRY_LISTENERS_H
#define SKERRY_LISTENERS_H

#include "listeners-message.h"

/*
 * Fills in as many as there are, at most LISTENERS_MAX, each address and port once, with the command
 * where it is found. Takes a bounded time, however much the guest has open.
 */
size_t listeners_find(struct listener listeners[LISTENERS_MAX]);

#endif
