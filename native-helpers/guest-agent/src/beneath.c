#include "beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <linux/openat2.h>, which not every C library has. */
struct how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

enum { NO_MAGIC_LINKS = 0x02, NO_LINKS = 0x04, BENEATH = 0x08 };

static int open_resolving(int directory_fd, const char *path, int flags, uint64_t resolve)
{
	const struct how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
				.resolve = resolve};

	return (int)syscall(SYS_openat2, directory_fd, path, &how, sizeof(how));
}

int open_beneath(int directory_fd, const char *path, int flags)
{
	return open_resolving(directory_fd, path, flags, BENEATH | NO_MAGIC_LINKS);
}

int make_own_directory(int parent_fd, const char *name, mode_t mode, uid_t uid, gid_t gid)
{
	int failed, error, fd;

	if (mkdirat(parent_fd, name, mode) != 0)
		return -1;
	fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	failed = fchown(fd, uid, gid);
	error = errno;
	close(fd);
	errno = error;
	return failed;
}

int open_without_links(int directory_fd, const char *path, int flags)
{
	return open_resolving(directory_fd, path, flags, BENEATH | NO_LINKS);
}
