/*
 * The size of an ext4 filesystem and of the disk that it is on.
 */
#ifndef SKERRY_DISK_H
#define SKERRY_DISK_H

/* Grows the mounted filesystem to the size of its disk, if it is smaller; 0, or -1 with errno. */
int disk_grow(const char *device_path, int mounted_fd);

#endif
