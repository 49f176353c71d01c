#include "guest-files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "mounts.h"
#include "own-files.h"

/* Writes a file whole. A link of that name is left alone: it is the image's own business. */
static void write_file(const char *path, int flags, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags,
			    0644);
	const size_t length = strlen(text);
	ssize_t written;

	if (fd < 0) {
		if (errno != ELOOP && errno != EEXIST)
			log_info("cannot write %s: %s", path, strerror(errno));
		return;
	}
	written = write(fd, text, length);
	if (written != (ssize_t)length)
		log_info("cannot write %s: %s", path, strerror(written < 0 ? errno : ENOSPC));
	close(fd);
}

/* Whether the file has this text already; then the writable disk is spared the copy. */
static int has_text(const char *path, const char *text)
{
	char own[HOSTS_FILE_MAX];
	const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	ssize_t length;

	if (fd < 0)
		return 0;
	length = read(fd, own, sizeof(own));
	close(fd);
	return length == (ssize_t)strlen(text) && memcmp(own, text, (size_t)length) == 0;
}

static void link_descriptors(void)
{
	static const char *const links[][2] = {
		{"/proc/self/fd", "/dev/fd"},
		{"/proc/self/fd/0", "/dev/stdin"},
		{"/proc/self/fd/1", "/dev/stdout"},
		{"/proc/self/fd/2", "/dev/stderr"},
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlink(links[i][0], links[i][1]) != 0 && errno != EEXIST)
			log_error("cannot make %s: %s", links[i][1], strerror(errno));
}

void guest_files_protect_links(void)
{
	/* <linux/fs.h>, fs/namei.c: off in the kernel itself, and on in every distribution. */
	static const char *const settings[] = {
		"/proc/sys/fs/protected_hardlinks",
		"/proc/sys/fs/protected_symlinks",
		"/proc/sys/fs/protected_fifos",
		"/proc/sys/fs/protected_regular",
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		write_file(settings[i], 0, "1");
}

void guest_files_write(const char *hostname, bool name_is_ours)
{
	char name_line[128];
	char hosts[HOSTS_FILE_MAX];

	link_descriptors();
	snprintf(name_line, sizeof(name_line), "%s\n", hostname);
	hosts_file_text(hostname, hosts);
	make_directory("/etc", 0755);
	if (name_is_ours && !has_text("/etc/hostname", name_line))
		write_file("/etc/hostname", O_TRUNC, name_line);
	write_file("/etc/hosts", O_EXCL, hosts);
}

static void rewrite(const char *path, const char *from, const char *to)
{
	if (has_text(path, from))
		write_file(path, O_TRUNC, to);
}

void guest_files_rename(const char *from, const char *to, bool name_is_ours)
{
	char lines[2][128];
	char hosts[2][HOSTS_FILE_MAX];
	const char *const names[2] = {from, to};

	for (int i = 0; i < 2; i++) {
		snprintf(lines[i], sizeof(lines[i]), "%s\n", names[i]);
		hosts_file_text(names[i], hosts[i]);
	}
	if (name_is_ours)
		rewrite("/etc/hostname", lines[0], lines[1]);
	rewrite("/etc/hosts", hosts[0], hosts[1]);
}
