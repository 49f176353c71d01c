#include "modules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log.h"

static int load_module(const char *name)
{
	char path[256];
	const int length = snprintf(path, sizeof(path), "/modules/%s", name);
	int fd, failed;

	if (length < 0 || length >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	failed = syscall(SYS_finit_module, fd, "", 0) != 0 && errno != EEXIST;

	const int error = errno;
	close(fd);
	errno = error;
	return failed ? -1 : 0;
}

void load_modules(const char *list_path)
{
	FILE *list = fopen(list_path, "re");
	char name[128];

	if (list == NULL)
		return;
	while (fgets(name, sizeof(name), list) != NULL) {
		name[strcspn(name, "\n")] = '\0';
		/* Not the end of the boot: if it is needed, what needs it says so. */
		if (name[0] != '\0' && load_module(name) != 0)
			log_error("cannot load %s: %s", name, strerror(errno));
	}
	fclose(list);
	/* What a template has loaded is not read again by the guests that begin with it. */
	unlink(list_path);
}
