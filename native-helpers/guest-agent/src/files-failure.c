#include "files-failure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* <asm-generic/errno.h>: no error of the kernel's own is above it. */
enum { ERRNO_MAX = 133 };

int files_code(int error)
{
	return error > 0 && error <= ERRNO_MAX ? error : EIO;
}

int files_refuse(int code, const char *path, const char *why)
{
	dprintf(STDERR_FILENO, "%s: %s\n", path, why);
	return code;
}

int files_fail(const char *path)
{
	const int code = files_code(errno);

	return files_refuse(code, path, strerror(code));
}
