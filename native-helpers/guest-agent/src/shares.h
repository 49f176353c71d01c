/*
 * Directories and files that the host shares with the guest (PROTOCOL.md, "Shares").
 */
#ifndef SKERRY_SHARES_H
#define SKERRY_SHARES_H

#include <stdbool.h>

#include "messages.h"

/* Brings in what the host shares; before the root moves. 0, or -1 with errno. */
int shares_open(uint32_t transport);
/* Mounts a share by its name at a path that can take it; 0, or -1 with errno. */
int share_mount(const char *name, const char *target, bool read_only);

#endif
