#include "root-disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "log.h"
#include "modules.h"
#include "mounts.h"

enum { PARTITIONS_MAX = 128, SEEN_MAX = 12 };

#define PROBE "/probe"

/* A filesystem that a root can have, known by a mark at a place of its superblock. */
struct filesystem {
	const char *type;
	off_t offset;
	const char *mark;
	size_t mark_length;
	const char *options;
	/* To look at one that was not left clean, without writing to it. */
	const char *probe_options;
	const char *modules;
};

static const struct filesystem filesystems[] = {
	{"ext4", 1024 + 0x38, "\x53\xef", 2, "errors=remount-ro", "noload", NULL},
	{"xfs", 0, "XFSB", 4, "nouuid", "nouuid,norecovery", "/modules/load-xfs"},
	{"btrfs", 64 * 1024 + 0x40, "_BHRfS_M", 8, NULL, NULL, "/modules/load-btrfs"},
};

/* The disk (number 0) or one of its partitions. */
struct place {
	uint32_t number;
	char path[DEVICE_PATH_MAX + 8];
	const struct filesystem *filesystem;
};

static const struct filesystem *identify(const char *path)
{
	const struct filesystem *found = NULL;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	for (size_t i = 0; fd >= 0 && i < sizeof(filesystems) / sizeof(filesystems[0]); i++) {
		char mark[8];
		const struct filesystem *each = &filesystems[i];

		if (pread(fd, mark, each->mark_length, each->offset) == (ssize_t)each->mark_length &&
		    memcmp(mark, each->mark, each->mark_length) == 0)
			found = each;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

/* A partition of /dev/vda is /dev/vda1, if the kernel knows it. */
static bool open_place(const char *disk, uint32_t number, struct place *place)
{
	struct stat status;

	place->number = number;
	if (number == 0)
		snprintf(place->path, sizeof(place->path), "%s", disk);
	else
		snprintf(place->path, sizeof(place->path), "%s%u", disk, number);
	if (stat(place->path, &status) != 0 || !S_ISBLK(status.st_mode))
		return false;
	place->filesystem = identify(place->path);
	return true;
}

static int mount_place(const struct place *place, const char *target, unsigned long flags,
		       const char *options)
{
	if (place->filesystem->modules != NULL)
		load_modules(place->filesystem->modules);
	return mount(place->path, target, place->filesystem->type, flags, options);
}

static bool is_there(const char *path)
{
	struct stat status;

	/* Links are those of the disk, whose absolute ones lead elsewhere here. */
	return lstat(path, &status) == 0;
}

static bool looks_like_a_root(const struct place *place)
{
	static const char *const signs[] = {PROBE "/bin/sh", PROBE "/sbin/init", PROBE "/usr/bin",
					    PROBE "/usr/sbin/init"};
	bool found = false;

	if (make_directory(PROBE, 0755) != 0 ||
	    mount_place(place, PROBE, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
			place->filesystem->probe_options) != 0)
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		found = found || is_there(signs[i]);
	found = found && is_there(PROBE "/etc");
	umount2(PROBE, MNT_DETACH);
	return found;
}

/* Keeps the one place that a judge accepts; more than one is none. */
static const struct place *only_one(const struct place *places, size_t count,
				    bool (*accepts)(const struct place *place))
{
	const struct place *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!accepts(&places[i]))
			continue;
		if (found != NULL)
			return NULL;
		found = &places[i];
	}
	return found;
}

static bool has_filesystem(const struct place *place)
{
	return place->filesystem != NULL;
}

static bool is_root(const struct place *place)
{
	return has_filesystem(place) && looks_like_a_root(place);
}

/* What the user has to choose from: "1: ext4, 2: unknown". */
static void describe(const struct place *places, size_t count, struct answer_message *answer)
{
	static char step[256];
	size_t length = (size_t)snprintf(step, sizeof(step), "find the root partition (");

	for (size_t i = 0; i < count && i < SEEN_MAX && length < sizeof(step); i++)
		length += (size_t)snprintf(
			step + length, sizeof(step) - length, "%s%u: %s", i == 0 ? "" : ", ",
			places[i].number,
			places[i].filesystem == NULL ? "unknown" : places[i].filesystem->type);
	if (length < sizeof(step))
		snprintf(step + length, sizeof(step) - length, "%s)",
			 count == 0 ? "there is none" : count > SEEN_MAX ? ", more" : "");
	answer->step = step;
}

static const struct place *find_place(const char *disk, uint32_t wanted,
				      struct answer_message *answer)
{
	static struct place places[PARTITIONS_MAX];
	const struct place *found;
	size_t count = 0;

	if (wanted == 0 && open_place(disk, 0, &places[0]) && places[0].filesystem != NULL)
		return &places[0];
	for (uint32_t number = 1; number <= PARTITIONS_MAX; number++)
		if (open_place(disk, number, &places[count]))
			count++;
	if (wanted != 0) {
		for (size_t i = 0; i < count; i++)
			if (places[i].number == wanted && places[i].filesystem != NULL)
				return &places[i];
		found = NULL;
	} else {
		found = only_one(places, count, has_filesystem);
		if (found == NULL)
			found = only_one(places, count, is_root);
	}
	if (found == NULL) {
		describe(places, count, answer);
		errno = ENODEV;
	}
	return found;
}

int root_disk_mount(const struct setup_message *setup, const char *target,
		    struct answer_message *answer)
{
	char disk[DEVICE_PATH_MAX];
	const struct place *place;

	if (!wait_for_disk(setup->lower_serial, disk) || make_directory(target, 0755) != 0)
		return -1;
	place = find_place(disk, setup->partition, answer);
	if (place == NULL)
		return -1;
	log_info("the root is %s, %s", place->path, place->filesystem->type);
	return mount_place(place, target, 0, place->filesystem->options);
}
