#include "virtio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define BUS "/sys/bus/virtio"

/* Names of devices are `virtio0`, `virtio1`, … */
enum { PATH_SIZE = 128, NAME_PREFIX = 6 };

static bool is_device(const char *name)
{
	return strncmp(name, "virtio", NAME_PREFIX) == 0 && strlen(name) < 16;
}

static int write_name(const char *path, const char *name)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;

	if (fd < 0)
		return -1;
	written = write(fd, name, strlen(name));

	const int error = errno;
	close(fd);
	errno = error;
	return written < 0 ? -1 : 0;
}

void virtio_unbind(const char *driver)
{
	char directory[PATH_SIZE];
	char unbind[PATH_SIZE];
	DIR *devices;
	struct dirent *entry;

	snprintf(directory, sizeof(directory), BUS "/drivers/%s", driver);
	snprintf(unbind, sizeof(unbind), BUS "/drivers/%s/unbind", driver);
	devices = opendir(directory);
	while (devices != NULL && (entry = readdir(devices)) != NULL)
		if (is_device(entry->d_name) && write_name(unbind, entry->d_name) != 0)
			log_error("cannot take %s from %s: %s", entry->d_name, driver,
				  strerror(errno));
	if (devices != NULL)
		closedir(devices);
}

static bool has_driver(const char *name)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), BUS "/devices/%.15s/driver", name);
	return access(path, F_OK) == 0;
}

void virtio_probe(void)
{
	DIR *devices = opendir(BUS "/devices");
	struct dirent *entry;

	/* One that nothing drives stays as it is: whatever needs it says so. */
	while (devices != NULL && (entry = readdir(devices)) != NULL)
		if (is_device(entry->d_name) && !has_driver(entry->d_name))
			write_name(BUS "/drivers_probe", entry->d_name);
	if (devices != NULL)
		closedir(devices);
}
