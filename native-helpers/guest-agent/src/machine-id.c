#include "machine-id.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID_SIZE = 16, TEXT_SIZE = 2 * ID_SIZE + 1 };

/* The second is D-Bus's, a link to the first in most images. */
static const char *const paths[] = {"/etc/machine-id", "/var/lib/dbus/machine-id"};

static bool is_id(const char text[TEXT_SIZE])
{
	return strspn(text, "0123456789abcdef") == TEXT_SIZE - 1 && text[TEXT_SIZE - 1] == '\n';
}

/* A file that has an id; -1 where there is none, which is no error. */
static int open_id(const char *path)
{
	char text[TEXT_SIZE + 1];
	struct stat status;
	const int fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    read(fd, text, sizeof(text)) == TEXT_SIZE && is_id(text))
		return fd;
	close(fd);
	return -1;
}

static int make_id(char text[TEXT_SIZE + 1])
{
	uint8_t id[ID_SIZE];

	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
		return -1;
	/* RFC 9562: a random UUID says that it is one, and machine-id(5) asks for one. */
	id[6] = (uint8_t)((id[6] & 0x0F) | 0x40);
	id[8] = (uint8_t)((id[8] & 0x3F) | 0x80);
	for (size_t i = 0; i < sizeof(id); i++)
		snprintf(text + 2 * i, 3, "%02x", id[i]);
	text[TEXT_SIZE - 1] = '\n';
	text[TEXT_SIZE] = '\0';
	return 0;
}

static int write_id(const char *root, const char *name, const char *text)
{
	char path[PATH_MAX];
	ssize_t written;
	int fd;

	if (snprintf(path, sizeof(path), "%s%s", root, name) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open_id(path);
	if (fd < 0)
		return 0;
	/* As long as it was, and in its place: whoever has it open or watches it goes on with it. */
	written = pwrite(fd, text, TEXT_SIZE, 0);

	const int error = written < 0 ? errno : ENOSPC;
	close(fd);
	errno = error;
	return written == TEXT_SIZE ? 0 : -1;
}

int machine_id_renew(const char *root)
{
	char text[TEXT_SIZE + 1];

	if (make_id(text) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (write_id(root, paths[i], text) != 0)
			return -1;
	return 0;
}
