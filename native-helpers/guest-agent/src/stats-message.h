/*
 * What the guest uses: a line of /proc/meminfo, and STATS_REPLY (PROTOCOL.md, "STATS"). Pure.
 */
#ifndef SKERRY_STATS_MESSAGE_H
#define SKERRY_STATS_MESSAGE_H

#include <stdint.h>

#include "fields.h"

enum { STATS_REPLY_MAX = 5 * (FIELD_HEADER_SIZE + 8) };

/* What is 0 is not known, and left out of the answer. */
struct guest_stats {
	uint64_t memory_total_bytes;
	uint64_t memory_available_bytes;
	/* Of the root's filesystem. */
	uint64_t disk_total_bytes;
	uint64_t disk_used_bytes;
	uint32_t processes;
};

/* Takes what a line says; one that says nothing of this is passed over. */
void meminfo_line(const char *line, struct guest_stats *stats);
void stats_write(struct fields_writer *writer, const struct guest_stats *stats);

#endif
