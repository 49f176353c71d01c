/*
 * Finds devices by what /sys says of them. There is no udev in the guest.
 */
#ifndef SKERRY_SYSFS_H
#define SKERRY_SYSFS_H

#include <stdbool.h>

enum { DEVICE_PATH_MAX = 64, INTERFACE_NAME_SIZE = 16 };

/* The port of this name as a path in /dev; false where it is not there yet. */
bool find_port(const char *name, char path[DEVICE_PATH_MAX]);
/* The disk with this serial as a path in /dev. */
bool find_disk(const char *serial, char path[DEVICE_PATH_MAX]);
/* The network interface with this address, in lower case with colons. */
bool find_interface(const char *address, char name[INTERFACE_NAME_SIZE]);

#endif
