#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "little-endian.h"
#include "log.h"
#include "uevents.h"

/* Superblock of ext4: where it is on the disk, and what of it is read here. */
enum {
	SUPERBLOCK_OFFSET = 1024,
	SUPERBLOCK_SIZE = 1024,
	BLOCKS_COUNT_LOW = 0x04,
	LOG_BLOCK_SIZE = 0x18,
	MAGIC = 0x38,
	MAGIC_VALUE = 0xEF53,
	FEATURE_INCOMPAT = 0x60,
	INCOMPAT_64BIT = 0x80,
	BLOCKS_COUNT_HIGH = 0x150,
};

/* <linux/ext4.h>; the cast is for C libraries whose ioctl takes an int. */
#define RESIZE_FILESYSTEM (int)_IOW('f', 16, uint64_t)

enum { DISK_TIMEOUT_MS = 10000 };

struct wanted_disk {
	const char *serial;
	char *path;
};

static bool is_there(void *context)
{
	const struct wanted_disk *disk = context;

	return find_disk(disk->serial, disk->path);
}

bool wait_for_disk(const char *serial, char path[DEVICE_PATH_MAX])
{
	struct wanted_disk disk = {.serial = serial, .path = path};

	return uevents_wait(is_there, &disk, DISK_TIMEOUT_MS);
}

struct sizes {
	uint64_t filesystem_blocks;
	uint64_t device_blocks;
};

static int read_sizes(int device_fd, struct sizes *sizes)
{
	uint8_t superblock[SUPERBLOCK_SIZE];
	uint64_t device_bytes;
	uint32_t log_block_size;

	if (pread(device_fd, superblock, sizeof(superblock), SUPERBLOCK_OFFSET) !=
		    (ssize_t)sizeof(superblock) ||
	    ioctl(device_fd, (int)BLKGETSIZE64, &device_bytes) != 0)
		return -1;
	log_block_size = read_u32(superblock + LOG_BLOCK_SIZE);
	if (read_u16(superblock + MAGIC) != MAGIC_VALUE || log_block_size > 6) {
		errno = EUCLEAN;
		return -1;
	}
	sizes->device_blocks = device_bytes >> (10 + log_block_size);
	sizes->filesystem_blocks = read_u32(superblock + BLOCKS_COUNT_LOW);
	if (read_u32(superblock + FEATURE_INCOMPAT) & INCOMPAT_64BIT)
		sizes->filesystem_blocks |= (uint64_t)read_u32(superblock + BLOCKS_COUNT_HIGH)
					    << 32;
	return 0;
}

int disk_grow(const char *device_path, int mounted_fd)
{
	struct sizes sizes;
	const int device_fd = open(device_path, O_RDONLY | O_CLOEXEC);
	int failed;

	if (device_fd < 0)
		return -1;
	failed = read_sizes(device_fd, &sizes) != 0;

	const int error = errno;
	close(device_fd);
	errno = error;
	if (failed)
		return -1;
	if (sizes.device_blocks <= sizes.filesystem_blocks)
		return 0;
	log_info("growing the writable disk from %llu to %llu blocks",
		 (unsigned long long)sizes.filesystem_blocks,
		 (unsigned long long)sizes.device_blocks);
	return ioctl(mounted_fd, RESIZE_FILESYSTEM, &sizes.device_blocks);
}
