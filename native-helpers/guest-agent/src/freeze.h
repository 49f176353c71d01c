/*
 * The writable disk standing still, so that the host can copy it whole (PROTOCOL.md, "FREEZE").
 */
#ifndef SKERRY_FREEZE_H
#define SKERRY_FREEZE_H

#include <stdbool.h>

/*
 * Writes everything to the filesystem of an open directory, and lets nothing more be written until
 * freeze_end or for ten seconds. 0, or -1 with errno.
 */
int freeze_begin(int directory_fd);
/* 0, or -1 with EINVAL where nothing was frozen, or not any more. */
int freeze_end(void);
bool is_frozen(void);
/* Ends what has lasted too long; milliseconds until it wants to be called again, -1 for never. */
int freeze_tick(void);

#endif
