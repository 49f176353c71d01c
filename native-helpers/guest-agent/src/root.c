#include "root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "disk.h"
#include "guest-files.h"
#include "log.h"
#include "mounts.h"
#include "sysfs.h"
#include "uevents.h"

#define LOWER "/lower"
#define UPPER "/upper"
#define ROOT "/root"

/* <linux/fs.h> */
#define FREEZE (int)_IOWR('X', 119, int)

enum { DISK_TIMEOUT_MS = 10000 };

/* The writable disk's filesystem, which no path leads to once the root has moved. */
static int upper_fd = -1;

static const struct setup_message *setup;

static const struct kernel_mount guest_mounts[] = {
	{"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, 1},
	{"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, 1},
	{"devtmpfs", "/dev", MS_NOSUID, "mode=0755", 1},
	{"devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5", 1},
	{"tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777", 1},
	{"tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755", 1},
	{"cgroup2", "/sys/fs/cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC, "nsdelegate", 0},
};

static int set_clocks(void)
{
	return set_wall_clock(setup->clock.now_ms);
}

static int add_setup_entropy(void)
{
	return add_entropy(setup->clock.entropy, setup->clock.entropy_length);
}

struct disk {
	const char *serial;
	char path[DEVICE_PATH_MAX];
};

static bool disk_is_there(void *context)
{
	struct disk *disk = context;

	return find_disk(disk->serial, disk->path);
}

static int mount_lower(void)
{
	struct disk disk = {.serial = setup->lower_serial};

	if (!uevents_wait(disk_is_there, &disk, DISK_TIMEOUT_MS) ||
	    make_directory(LOWER, 0755) != 0)
		return -1;
	return mount(disk.path, LOWER, "erofs", MS_RDONLY, NULL);
}

static int mount_upper(void)
{
	struct disk disk = {.serial = setup->upper_serial};

	if (!uevents_wait(disk_is_there, &disk, DISK_TIMEOUT_MS) ||
	    make_directory(UPPER, 0755) != 0)
		return -1;
	if (mount(disk.path, UPPER, "ext4", MS_NOATIME, "errors=remount-ro") != 0)
		return -1;
	upper_fd = open(UPPER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return upper_fd < 0 ? -1 : disk_grow(disk.path, upper_fd);
}

/* The root directory of an overlay has the attributes of the upper one, even of an empty one. */
static int make_upper_directories(void)
{
	struct stat lower;

	if (make_directory(UPPER "/work", 0700) != 0 || stat(LOWER, &lower) != 0)
		return -1;
	if (mkdir(UPPER "/root", lower.st_mode & 07777) != 0)
		return errno == EEXIST ? 0 : -1;
	return chown(UPPER "/root", lower.st_uid, lower.st_gid) != 0 ||
			       chmod(UPPER "/root", lower.st_mode & 07777) != 0
		       ? -1
		       : 0;
}

/* Features that would tie the upper disk to this very lower one are off, whatever the kernel's. */
static int mount_overlay(void)
{
	return make_directory(ROOT, 0755) != 0 ||
			       mount("overlay", ROOT, "overlay", MS_NOATIME,
				     "lowerdir=" LOWER ",upperdir=" UPPER "/root,workdir=" UPPER
				     "/work,index=off,redirect_dir=off,metacopy=off,xino=off") != 0
		       ? -1
		       : 0;
}

/* Removes what the initramfs holds, which is memory; mounts below it are left alone. */
static void remove_tree(int directory_fd, dev_t device, int depth)
{
	DIR *directory = fdopendir(directory_fd);
	struct dirent *entry;

	if (directory == NULL) {
		close(directory_fd);
		return;
	}
	while ((entry = readdir(directory)) != NULL) {
		struct stat status;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
		    status.st_dev != device)
			continue;
		if (!S_ISDIR(status.st_mode)) {
			unlinkat(dirfd(directory), entry->d_name, 0);
			continue;
		}
		if (depth > 0) {
			const int fd = openat(dirfd(directory), entry->d_name,
					      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

			if (fd >= 0)
				remove_tree(fd, device, depth - 1);
			unlinkat(dirfd(directory), entry->d_name, AT_REMOVEDIR);
		}
	}
	closedir(directory);
}

/* As switch_root does it: an initramfs cannot be unmounted, only covered. */
static int move_to_root(void)
{
	struct stat status;
	const int initramfs = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (initramfs < 0 || fstat(initramfs, &status) != 0)
		return -1;
	/* They come back in the new root; what is open in them stays open. */
	umount2("/dev", MNT_DETACH);
	umount2("/sys", MNT_DETACH);
	umount2("/proc", MNT_DETACH);
	if (chdir(ROOT) != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 ||
	    chdir("/") != 0)
		return -1;
	remove_tree(initramfs, status.st_dev, 8);
	return 0;
}

/* From here on every path is resolved inside the guest's root, links of the image included. */
static int mount_guest(void)
{
	for (size_t i = 0; i < sizeof(guest_mounts) / sizeof(guest_mounts[0]); i++) {
		if (mount_kernel(&guest_mounts[i]) == 0)
			continue;
		if (guest_mounts[i].is_needed)
			return -1;
		log_info("no %s: %s", guest_mounts[i].target, strerror(errno));
	}
	return 0;
}

static int write_files(void)
{
	guest_files_write(setup->hostname);
	return 0;
}

static int set_hostname(void)
{
	return sethostname(setup->hostname, strlen(setup->hostname));
}

static const struct {
	const char *name;
	int (*run)(void);
} steps[] = {
	{"seed the random pool", add_setup_entropy},
	{"set the clock", set_clocks},
	{"mount the image", mount_lower},
	{"mount the writable disk", mount_upper},
	{"prepare the writable disk", make_upper_directories},
	{"join the image and the writable disk", mount_overlay},
	{"move to the new root", move_to_root},
	{"mount the kernel's filesystems", mount_guest},
	{"write the files of the host name", write_files},
	{"set the host name", set_hostname},
	{"bring the loopback interface up", loopback_up},
};

void root_set_up(const struct setup_message *message, struct answer_message *answer)
{
	const uint64_t began_ms = uptime_ms();

	setup = message;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].run() == 0)
			continue;
		answer->step = steps[i].name;
		answer->error = errno;
		log_error("cannot %s: %s", answer->step, strerror(errno));
		return;
	}
	log_info("root assembled in %d ms", (int)(uptime_ms() - began_ms));
}

void root_finish(void)
{
	sync();
	if (upper_fd < 0)
		return;
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0)
		log_error("cannot make the root read-only: %s", strerror(errno));
	/* Frozen, a filesystem on its disk is as whole as an unmounted one. */
	if (fchdir(upper_fd) != 0 || mount(NULL, ".", NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0) {
		log_info("the writable disk is in use; freezing it: %s", strerror(errno));
		if (ioctl(upper_fd, FREEZE, 0) != 0)
			log_error("cannot freeze the writable disk: %s", strerror(errno));
	}
	sync();
}
