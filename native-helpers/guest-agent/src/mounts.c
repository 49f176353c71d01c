#include "mounts.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>

int make_directory(const char *path, unsigned mode)
{
	return mkdir(path, mode) == 0 || errno == EEXIST ? 0 : -1;
}

int mount_kernel(const struct kernel_mount *of)
{
	if (make_directory(of->target, 0755) != 0)
		return -1;
	return mount(of->type, of->target, of->type, of->flags, of->options);
}
