#include "root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "changes.h"
#include "clock.h"
#include "disk.h"
#include "files.h"
#include "freeze.h"
#include "guest-files.h"
#include "hold.h"
#include "interface.h"
#include "log.h"
#include "machine-id.h"
#include "mounts.h"
#include "name-servers.h"
#include "network.h"
#include "patches.h"
#include "rehearsal.h"
#include "root-disk.h"
#include "shares.h"
#include "sysfs.h"
#include "tree.h"
#include "virtio.h"
#include "volumes.h"

#define LOWER "/lower"
#define UPPER "/upper"
#define SEED "/seed"
#define ROOT "/root"
#define SCRIPTS "/.msb/scripts"

/* The filesystem on the writable disk, which no path may lead to once the root has moved. */
static int disk_fd = -1;
/* What patches copy, and scripts. */
static int seed_fd = -1;

/* Whether that disk has the upper directory of an overlay. */
static bool disk_has_upper;
/* What is below that directory, which no path leads to either. */
static int lower_fd = -1;
static char hostname[HOSTNAME_MAX + 1];
/* A directory that is the root itself is someone's own: its name stays. */
static bool name_is_ours;

static const struct setup_message *setup;
static struct answer_message *answer;

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

static bool has_upper(void)
{
	return setup->upper_serial[0] != '\0';
}

static int mount_image(const char *serial, const char *target)
{
	char path[DEVICE_PATH_MAX];

	if (!wait_for_disk(serial, path) || make_directory(target, 0755) != 0)
		return -1;
	return mount(path, target, "erofs", MS_RDONLY, NULL);
}

static bool has_disk(const char *serial)
{
	char path[DEVICE_PATH_MAX];

	return serial[0] == '\0' || find_disk(serial, path);
}

/* A look costs a request to each disk, and they mostly come in the order in which they are wanted. */
static bool has_disks(size_t found)
{
	const size_t wanted = (setup->lower_serial[0] != '\0') + (setup->upper_serial[0] != '\0') +
			      (setup->seed_serial[0] != '\0');

	return found >= wanted && has_disk(setup->lower_serial) && has_disk(setup->upper_serial) &&
	       has_disk(setup->seed_serial);
}

/* In a guest that began by a template, the disks are there from here on: those that it has. */
static int find_devices(void)
{
	virtio_probe(has_disks);
	return 0;
}

static int open_shares(void)
{
	return shares_open(setup->transport);
}

static int open_network(void)
{
	return network_open(setup);
}

/* The root itself, or what is below its writable disk. */
static int mount_lower(void)
{
	const char *target = has_upper() ? LOWER : ROOT;

	switch (setup->root_kind) {
	case ROOT_IMAGE:
		return mount_image(setup->lower_serial, target);
	case ROOT_DIRECTORY:
		return make_directory(target, 0755) != 0
			       ? -1
			       : share_mount(setup->root_share, target, has_upper());
	default:
		return root_disk_mount(setup, target, answer);
	}
}

static int mount_upper(void)
{
	char path[DEVICE_PATH_MAX];

	if (!has_upper()) {
		/* A root that is a disk is the writable disk. */
		if (setup->root_kind == ROOT_DISK)
			disk_fd = open(ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		return 0;
	}
	if (!wait_for_disk(setup->upper_serial, path) || make_directory(UPPER, 0755) != 0)
		return -1;
	if (mount(path, UPPER, "ext4", MS_NOATIME, "errors=remount-ro") != 0)
		return -1;
	disk_fd = open(UPPER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return disk_fd < 0 ? -1 : disk_grow(path, disk_fd);
}

/* The root directory of an overlay has the attributes of the upper one, even of an empty one. */
static int make_upper_directories(void)
{
	struct stat lower;

	if (!has_upper())
		return 0;
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
	if (!has_upper())
		return 0;
	if (make_directory(ROOT, 0755) != 0 ||
	    mount("overlay", ROOT, "overlay", MS_NOATIME,
		  "lowerdir=" LOWER ",upperdir=" UPPER "/root,workdir=" UPPER
		  "/work,index=off,redirect_dir=off,metacopy=off,xino=off") != 0)
		return -1;
	disk_has_upper = true;
	lower_fd = open(LOWER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return lower_fd < 0 ? -1 : 0;
}

static int mount_seed(void)
{
	if (setup->seed_serial[0] == '\0')
		return 0;
	if (mount_image(setup->seed_serial, SEED) != 0)
		return -1;
	seed_fd = open(SEED, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return seed_fd < 0 ? -1 : 0;
}

/* As switch_root does it: an initramfs cannot be unmounted, only covered. */
static int move_to_root(void)
{
	const int initramfs = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (initramfs < 0)
		return -1;
	/* They come back in the new root; what is open in them stays open. */
	umount2("/dev", MNT_DETACH);
	umount2("/sys", MNT_DETACH);
	umount2("/proc", MNT_DETACH);
	if (chdir(ROOT) != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 ||
	    chdir("/") != 0)
		return -1;
	/* It is memory; what is mounted in it stays. */
	if (is_rehearsing())
		rehearsal_empty(initramfs);
	else
		tree_empty(initramfs);
	return 0;
}

/*
 * From here on every path is resolved inside the guest's root, links of the image included. Nothing
 * is mounted in it yet, so that what a patch writes is the root's own.
 */
static int apply_patches(void)
{
	return patches_apply(setup, seed_fd, answer);
}

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

/* Without them nothing can be held, which is told when it is asked for. */
static int keep_groups(void)
{
	hold_open(mount_keep("/sys/fs/cgroup"), mount_keep("/proc"));
	return 0;
}

static int write_name_servers(void)
{
	name_servers_write(setup);
	return 0;
}

static int mount_scripts(void)
{
	if (!setup->has_scripts)
		return 0;
	return make_mount_point(SCRIPTS, false) != 0 ? -1
						     : mount_from(seed_fd, "scripts", SCRIPTS, true);
}

static int mount_volumes(void)
{
	return volumes_mount(setup, answer);
}

static int mount_name_servers(void)
{
	name_servers_mount(setup);
	return 0;
}

static int write_files(void)
{
	guest_files_protect_links();
	name_is_ours = setup->root_kind != ROOT_DIRECTORY || has_upper();
	guest_files_write(setup->hostname, name_is_ours);
	return 0;
}

static int set_hostname(void)
{
	strcpy(hostname, setup->hostname);
	return sethostname(setup->hostname, strlen(setup->hostname));
}

static int loopback_up(void)
{
	return interface_up("lo");
}

static int set_up_network(void)
{
	return network_up(setup, answer);
}

static const struct {
	const char *name;
	int (*run)(void);
} steps[] = {
	{"seed the random pool", add_setup_entropy},
	{"set the clock", set_clocks},
	{"find the devices", find_devices},
	{"reach what the host shares", open_shares},
	{"load the network driver", open_network},
	{"mount the root", mount_lower},
	{"mount the writable disk", mount_upper},
	{"prepare the writable disk", make_upper_directories},
	{"join the image and the writable disk", mount_overlay},
	{"mount the seed disk", mount_seed},
	{"move to the new root", move_to_root},
	{"apply the patches", apply_patches},
	{"mount the kernel's filesystems", mount_guest},
	{"keep the groups of processes", keep_groups},
	{"write the name servers", write_name_servers},
	{"mount the scripts", mount_scripts},
	{"mount the volumes", mount_volumes},
	{"mount the name servers", mount_name_servers},
	{"write the files of the host name", write_files},
	{"set the host name", set_hostname},
	{"bring the loopback interface up", loopback_up},
	{"set up the network interface", set_up_network},
};

void root_set_up(const struct setup_message *message, struct answer_message *to)
{
	const uint64_t began_ms = uptime_ms();

	setup = message;
	answer = to;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].run() == 0)
			continue;
		answer->error = errno;
		/* A step that has many parts says which one it was. */
		if (answer->step == NULL)
			answer->step = steps[i].name;
		log_error("cannot %s: %s", answer->step, strerror(answer->error));
		return;
	}
	log_info("root assembled in %d ms", (int)(uptime_ms() - began_ms));
}

void root_take_identity(const char *name, struct answer_message *to)
{
	/* A write would wait for the thaw, and the thaw for the write. */
	if (is_frozen()) {
		to->step = "write to a disk that is frozen";
		to->error = EBUSY;
		return;
	}
	guest_files_rename(hostname, name, name_is_ours);
	strcpy(hostname, name);
	if (sethostname(name, strlen(name)) != 0)
		to->step = "set the host name";
	else if (name_is_ours && machine_id_renew("") != 0)
		to->step = "write a machine id";
	to->error = errno;
}

void root_freeze(struct answer_message *to)
{
	if (freeze_begin(disk_fd) == 0)
		return;
	to->step = "freeze the writable disk";
	to->error = errno;
}

void root_thaw(struct answer_message *to)
{
	if (freeze_end() == 0)
		return;
	to->step = "thaw the writable disk";
	to->error = errno;
}

static int open_upper(void)
{
	return disk_has_upper ? openat(disk_fd, "root", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

int root_work_on_files(const struct files_message *message)
{
	const struct files_place place = {.root = "",
					  .upper_fd = open_upper(),
					  .lower_fd = lower_fd,
					  .hostname = hostname};

	return files_run(message, &place);
}

int root_write_changes(void)
{
	const int fd = open_upper();

	if (fd >= 0)
		return changes_write(fd, hostname);
	dprintf(STDERR_FILENO, "%s\n",
		disk_has_upper ? strerror(errno) : "there is no disk above an image");
	return EXIT_FAILURE;
}

void root_finish(void)
{
	/* Whoever copies the disk has lost it; what is left to write would wait forever. */
	if (is_frozen())
		freeze_end();
	sync();
	if (disk_fd < 0)
		return;
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0)
		log_error("cannot make the root read-only: %s", strerror(errno));
	/* Frozen, a filesystem on its disk is as whole as an unmounted one. */
	if (fchdir(disk_fd) != 0 || mount(NULL, ".", NULL, MS_REMOUNT | MS_RDONLY, NULL) != 0) {
		log_info("the writable disk is in use; freezing it: %s", strerror(errno));
		if (freeze_begin(disk_fd) != 0)
			log_error("cannot freeze the writable disk: %s", strerror(errno));
	}
	sync();
}
