#include "own-files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Where scripts are mounted. */
#define SCRIPTS_FOLDER ".msb"

/* Where the kernel's filesystems are mounted, if the image has no such directory. */
static const char *const mount_points[] = {"proc", "sys", "dev", "run"};

void hosts_file_text(const char *hostname, char text[HOSTS_FILE_MAX])
{
	snprintf(text, HOSTS_FILE_MAX,
		 "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t%s\n",
		 hostname);
}

/* An opaque one is no mount point alone: it hides what the image has there. */
static bool is_empty_directory(int directory_fd, const char *name)
{
	const int fd = openat(directory_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool is_empty = directory != NULL &&
			fgetxattr(fd, "trusted.overlay.opaque", NULL, 0) < 0;

	if (directory == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (is_empty && (entry = readdir(directory)) != NULL)
		is_empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(directory);
	return is_empty;
}

static bool has_text(int directory_fd, const char *name, const char *text)
{
	char own[HOSTS_FILE_MAX];
	const int fd = openat(directory_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	const ssize_t length = fd < 0 ? -1 : read(fd, own, sizeof(own));

	if (fd >= 0)
		close(fd);
	return length == (ssize_t)strlen(text) && memcmp(own, text, (size_t)length) == 0;
}

bool is_own_file(int directory_fd, const char *name, const char *path, const struct stat *status,
		 const char *hostname)
{
	char hosts[HOSTS_FILE_MAX];

	if (strcmp(path, SCRIPTS_FOLDER) == 0)
		return S_ISDIR(status->st_mode);
	for (size_t i = 0; i < sizeof(mount_points) / sizeof(mount_points[0]); i++)
		if (strcmp(path, mount_points[i]) == 0)
			return S_ISDIR(status->st_mode) && is_empty_directory(directory_fd, name);
	if (!S_ISREG(status->st_mode))
		return false;
	/* Written at each boot, whatever it was. */
	if (strcmp(path, "etc/hostname") == 0)
		return true;
	/* Made to be mounted over. */
	if (strcmp(path, "etc/resolv.conf") == 0)
		return status->st_size == 0;
	if (strcmp(path, "etc/hosts") != 0)
		return false;
	hosts_file_text(hostname, hosts);
	return has_text(directory_fd, name, hosts);
}
