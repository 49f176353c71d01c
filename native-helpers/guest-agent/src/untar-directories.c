#include "untar-directories.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "untar-attributes.h"

enum { REMEMBERED_MAX = 64 * 1024, PATHS_MAX_BYTES = 8 * 1024 * 1024 };

struct remembered {
	char *path;
	struct timespec mtime;
};

static struct remembered *all;
static size_t count;
static size_t path_bytes;

void untar_directory_later(int fd, const char *path, const struct tar_input_entry *entry,
			   const struct untar_options *options)
{
	const size_t size = strlen(path) + 1;

	/* Made by root in a guest of its own, this fails where the filesystem has no such things. */
	if (untar_set_file(fd, entry, options) != 0)
		return;
	if (all == NULL)
		all = calloc(REMEMBERED_MAX, sizeof(*all));
	if (all == NULL || count == REMEMBERED_MAX || size > PATHS_MAX_BYTES - path_bytes)
		return;
	all[count].path = strdup(path);
	if (all[count].path == NULL)
		return;
	all[count].mtime = (struct timespec){.tv_sec = (time_t)entry->header.mtime_seconds,
					     .tv_nsec = (long)entry->header.mtime_nanoseconds};
	path_bytes += size;
	count++;
}

void untar_finish_directories(int top_fd)
{
	while (count > 0) {
		struct remembered *each = &all[--count];
		const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, each->mtime};
		const int fd = open_beneath(top_fd, each->path, O_RDONLY | O_DIRECTORY);

		if (fd >= 0) {
			futimens(fd, times);
			close(fd);
		}
		free(each->path);
	}
	free(all);
	all = NULL;
	path_bytes = 0;
}
