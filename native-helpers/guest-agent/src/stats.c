#include "stats.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "processes.h"

/* MemTotal and MemAvailable are the first and the third. */
enum { MEMINFO_LINES = 8 };

static void read_memory(struct guest_stats *stats)
{
	/* Something may be mounted there that would keep us waiting. */
	const int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	FILE *table = fd < 0 ? NULL : fdopen(fd, "r");
	char line[256];

	if (table == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (int i = 0; i < MEMINFO_LINES && fgets(line, sizeof(line), table) != NULL; i++)
		meminfo_line(line, stats);
	fclose(table);
}

static void read_disk(struct guest_stats *stats)
{
	struct statvfs root;

	if (statvfs("/", &root) != 0 || root.f_bfree > root.f_blocks)
		return;
	stats->disk_total_bytes = (uint64_t)root.f_blocks * root.f_frsize;
	stats->disk_used_bytes = (uint64_t)(root.f_blocks - root.f_bfree) * root.f_frsize;
}

void stats_read(struct guest_stats *stats)
{
	*stats = (struct guest_stats){0};
	read_memory(stats);
	read_disk(stats);
	stats->processes = processes_count();
}
