#include "virtio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define BUS "/sys/bus/virtio"

/* Names of devices are `virtio0`, `virtio1`, … */
enum { PATH_SIZE = 128, NAME_SIZE = 16, NAME_PREFIX = 6, DEVICES_MAX = 64, KIND_DISK = 2 };

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

static bool is_there(const char *name)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), BUS "/devices/%.15s", name);
	return access(path, F_OK) == 0;
}

static bool has_driver(const char *name)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), BUS "/devices/%.15s/driver", name);
	return access(path, F_OK) == 0;
}

/* Which kind of device it is, by the table of the specification (virtio 1.2, section 5). */
static long kind_of(const char *name)
{
	char path[PATH_SIZE];
	char text[16] = "";

	snprintf(path, sizeof(path), BUS "/devices/%.15s/device", name);

	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtol(text, NULL, 16);
}

void virtio_probe(bool (*is_enough)(size_t disks))
{
	const char *disks[DEVICES_MAX];
	char names[DEVICES_MAX][NAME_SIZE];
	size_t count = 0;

	/* In the order of the machine: that of a directory is any. */
	for (int i = 0; i < DEVICES_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "virtio%d", i);
		if (!is_there(names[i]) || has_driver(names[i]))
			continue;
		/* One that nothing drives stays as it is: whatever needs it says so. */
		if (kind_of(names[i]) == KIND_DISK)
			disks[count++] = names[i];
		else
			write_name(BUS "/drivers_probe", names[i]);
	}
	for (size_t i = 0; i < count && !is_enough(i); i++)
		write_name(BUS "/drivers_probe", disks[i]);
}
