#include "stats-message.h"

#include <stdlib.h>
#include <string.h>

#include "messages.h"

static void take_kib(const char *line, const char *name, uint64_t *bytes)
{
	const size_t length = strlen(name);
	unsigned long long kib;

	if (strncmp(line, name, length) != 0)
		return;
	kib = strtoull(line + length, NULL, 10);
	if (kib <= UINT64_MAX / 1024)
		*bytes = kib * 1024;
}

void meminfo_line(const char *line, struct guest_stats *stats)
{
	take_kib(line, "MemTotal:", &stats->memory_total_bytes);
	take_kib(line, "MemAvailable:", &stats->memory_available_bytes);
}

static void put_known(struct fields_writer *writer, uint16_t tag, uint64_t value)
{
	if (value != 0)
		fields_put_u64(writer, tag, value);
}

void stats_write(struct fields_writer *writer, const struct guest_stats *stats)
{
	put_known(writer, TAG_MEMORY_TOTAL_BYTES, stats->memory_total_bytes);
	put_known(writer, TAG_MEMORY_AVAILABLE_BYTES, stats->memory_available_bytes);
	put_known(writer, TAG_DISK_TOTAL_BYTES, stats->disk_total_bytes);
	put_known(writer, TAG_DISK_USED_BYTES, stats->disk_used_bytes);
	if (stats->processes != 0)
		fields_put_u32(writer, TAG_PROCESS_COUNT, stats->processes);
}
