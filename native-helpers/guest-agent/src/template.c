#include "template.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "modules.h"
#include "virtio.h"

#define WORD "skerry.template"

/* As long as any command line, COMMAND_LINE_SIZE of the kernels. */
enum { COMMAND_LINE_MAX = 4096 };

static bool is_asked_for(void)
{
	static char line[COMMAND_LINE_MAX + 1];
	const int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t length;
	char *rest = line;
	const char *word;

	if (fd < 0)
		return false;
	length = read(fd, line, COMMAND_LINE_MAX);
	close(fd);
	if (length < 0)
		return false;
	line[length] = '\0';
	while ((word = strsep(&rest, " \n")) != NULL)
		if (strcmp(word, WORD) == 0)
			return true;
	return false;
}

void template_prepare(void)
{
	if (!is_asked_for())
		return;
	load_modules("/modules/load-network");
	load_modules("/modules/load-9p");
	/* Size, serial and content of a disk are read when its driver takes it. */
	virtio_unbind("virtio_blk");
	/* It has bytes in store, which would be the same in every guest that begins here. */
	virtio_unbind("virtio_rng");
	log_info("prepared as a template");
}
