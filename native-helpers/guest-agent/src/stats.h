/*
 * Reads what the guest uses.
 */
#ifndef SKERRY_STATS_H
#define SKERRY_STATS_H

#include "stats-message.h"

/* What cannot be read is 0. Takes a bounded time, however much the guest runs. */
void stats_read(struct guest_stats *stats);

#endif
