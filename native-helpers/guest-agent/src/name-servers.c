#include "name-servers.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "mounts.h"

#define FOLDER "/run/skerry"
#define NAME "resolv.conf"
#define TARGET "/etc/resolv.conf"

enum { LINKS_MAX = 40 };

/* The folder of our file, for as long as it is to be mounted. */
static int folder_fd = -1;

static int write_lines(int fd, const struct network *network)
{
	dprintf(fd, "# Written by Skerry.\n");
	for (size_t i = 0; i < network->name_server_count; i++)
		if (dprintf(fd, "nameserver %s\n", network->name_servers[i]) < 0)
			return -1;
	return 0;
}

static int write_file(const struct network *network)
{
	int fd, failed;

	if (make_directory(FOLDER, 0755) != 0)
		return -1;
	fd = open(FOLDER "/" NAME, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	failed = write_lines(fd, network) != 0;
	close(fd);
	if (failed)
		return -1;
	folder_fd = open(FOLDER, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return folder_fd < 0 ? -1 : 0;
}

void name_servers_write(const struct setup_message *setup)
{
	if (setup->network.name_server_count > 0 && write_file(&setup->network) != 0)
		log_info("cannot write %s/%s: %s", FOLDER, NAME, strerror(errno));
}

/* Where a link leads, seen from the folder that the link is in. False where the path is no link. */
static bool follow(char path[PATH_MAX])
{
	char link[PATH_MAX];
	const ssize_t length = readlink(path, link, sizeof(link) - 1);
	const size_t folder = (size_t)(strrchr(path, '/') - path) + 1;
	const size_t at = length > 0 && link[0] == '/' ? 0 : folder;

	if (length <= 0 || at + (size_t)length >= PATH_MAX)
		return false;
	memcpy(path + at, link, (size_t)length);
	path[at + (size_t)length] = '\0';
	return true;
}

/* Makes the file where there is none, at the end of whatever links lead to it. */
static int make_target(void)
{
	char path[PATH_MAX] = TARGET;
	struct stat status;

	if (stat(TARGET, &status) == 0) {
		if (S_ISREG(status.st_mode))
			return 0;
		/* What a link leads to may be a device, which all the guest needs as it is. */
		errno = EINVAL;
		return -1;
	}
	for (int links = 0; links < LINKS_MAX && follow(path); links++)
		continue;
	return make_mount_point(path, true);
}

/* Whoever mounts or copies a file there wants that one. */
static bool is_given(const struct setup_message *setup)
{
	for (size_t i = 0; i < setup->volume_count; i++)
		if (strcmp(setup->volumes[i].target, TARGET) == 0)
			return true;
	for (size_t i = 0; i < setup->patch_count; i++)
		if (strcmp(setup->patches[i].path, TARGET) == 0 &&
		    (setup->patches[i].kind == PATCH_FILE || setup->patches[i].kind == PATCH_SYMLINK))
			return true;
	return false;
}

void name_servers_mount(const struct setup_message *setup)
{
	if (folder_fd < 0)
		return;
	if (!is_given(setup) &&
	    (make_target() != 0 || mount_from(folder_fd, NAME, TARGET, false) != 0))
		log_info("cannot mount %s: %s", TARGET, strerror(errno));
	close(folder_fd);
	folder_fd = -1;
}
