#include "sysfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ATTRIBUTE_MAX = 128 };

/* Reads one line of an attribute, without its newline. */
static bool read_attribute(const char *directory, const char *device, const char *attribute,
			   char value[ATTRIBUTE_MAX])
{
	char path[512];
	ssize_t length;
	const int size = snprintf(path, sizeof(path), "%s/%s/%s", directory, device, attribute);

	if (size < 0 || size >= (int)sizeof(path))
		return false;

	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, value, ATTRIBUTE_MAX - 1);
	close(fd);
	if (length < 0)
		return false;
	value[length] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return true;
}

/* Names of devices are shorter than 50 characters. */
static bool find_device(const char *directory, const char *attribute, const char *wanted,
			const char *prefix, char *path, size_t size)
{
	DIR *devices = opendir(directory);
	struct dirent *entry;
	bool found = false;

	while (devices != NULL && !found && (entry = readdir(devices)) != NULL) {
		char value[ATTRIBUTE_MAX];

		if (entry->d_name[0] == '.')
			continue;
		if (!read_attribute(directory, entry->d_name, attribute, value))
			continue;
		if (strcmp(value, wanted) == 0)
			found = snprintf(path, size, "%s%.50s", prefix, entry->d_name) > 0;
	}
	if (devices != NULL)
		closedir(devices);
	return found;
}

bool find_port(const char *name, char path[DEVICE_PATH_MAX])
{
	return find_device("/sys/class/virtio-ports", "name", name, "/dev/", path, DEVICE_PATH_MAX);
}

bool find_disk(const char *serial, char path[DEVICE_PATH_MAX])
{
	return find_device("/sys/block", "serial", serial, "/dev/", path, DEVICE_PATH_MAX);
}

bool find_interface(const char *address, char name[INTERFACE_NAME_SIZE])
{
	return find_device("/sys/class/net", "address", address, "", name, INTERFACE_NAME_SIZE);
}
