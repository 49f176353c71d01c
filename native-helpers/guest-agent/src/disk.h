/*
 * Disks of the machine: finding one, and the size of the ext4 filesystem on it.
 */
#ifndef SKERRY_DISK_H
#define SKERRY_DISK_H

#include <stdbool.h>

#include "sysfs.h"

/* Waits for the disk with this serial; its path in /dev, or false with errno. */
bool wait_for_disk(const char *serial, char path[DEVICE_PATH_MAX]);

/* Grows the mounted filesystem to the size of its disk, if it is smaller; 0, or -1 with errno. */
int disk_grow(const char *device_path, int mounted_fd);

#endif
