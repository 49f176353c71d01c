#include "layer-entries.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attributes.h"
#include "link-table.h"
#include "tar-output.h"

#define OPAQUE WHITEOUT_PREFIX WHITEOUT_PREFIX ".opq"

enum { NOTES_MAX = 100 };

static struct attributes attributes;
static bool is_plain;
static unsigned notes;
static unsigned passed;
static int passed_error;

void entries_are_plain(void)
{
	is_plain = true;
}

int report_failure(const char *path)
{
	const int error = errno;

	dprintf(STDERR_FILENO, "%s%s: %s\n", is_plain ? "" : "/", path, strerror(error));
	errno = error;
	return -1;
}

void report_left_out(const char *path, const char *why)
{
	if (notes++ < NOTES_MAX)
		dprintf(STDERR_FILENO, "%s%s: %s\n", is_plain ? "" : "/", path, why);
}

void report_more_left_out(void)
{
	if (notes > NOTES_MAX)
		dprintf(STDERR_FILENO, "and %u more left out\n", notes - NOTES_MAX);
}

int pass_over(const char *path)
{
	char why[128];

	if (!is_plain)
		return report_failure(path);
	if (passed++ == 0)
		passed_error = errno;
	snprintf(why, sizeof(why), "left out: %s", strerror(errno));
	report_left_out(path, why);
	return 0;
}

unsigned passed_over(void)
{
	return passed;
}

int passed_over_error(void)
{
	return passed_error;
}

bool has_gone(void)
{
	return errno == ENOENT || errno == ESTALE || errno == ENOTDIR || errno == ELOOP ||
	       errno == ENXIO;
}

static struct tar_entry describe(enum tar_type type, const char *path, const struct stat *status)
{
	return (struct tar_entry){
		.type = type,
		.path = path,
		.mode = status->st_mode & 07777,
		.uid = status->st_uid,
		.gid = status->st_gid,
		.mtime_seconds = status->st_mtim.tv_sec,
		.mtime_nanoseconds = (uint32_t)status->st_mtim.tv_nsec,
		.attributes = attributes.records,
		.attributes_length = attributes.length,
	};
}

/* Of an open file, or of a name in the current directory. */
static int read_attributes(int fd, const char *name, const char *path)
{
	if (attributes_read(fd, name, &attributes) != 0)
		return -1;
	if (attributes.is_cut)
		report_left_out(path, "some of its extended attributes are left out");
	if (is_plain || !attributes.is_redirected)
		return 0;
	/* The content is elsewhere, which the overlay was told never to do. */
	errno = EREMOTE;
	return -1;
}

/* An empty file whose name says what is to go. */
static int put_mark(const char *mark, const char *path)
{
	const struct tar_entry entry = {.type = TAR_FILE, .path = mark};

	return tar_put_header(&entry) != 0 ? report_failure(path) : 0;
}

int put_whiteout(const char *path, size_t name_length)
{
	char mark[PATH_MAX + sizeof(WHITEOUT_PREFIX)];
	const size_t parent_length = strlen(path) - name_length;

	snprintf(mark, sizeof(mark), "%.*s" WHITEOUT_PREFIX "%s", (int)parent_length, path,
		 path + parent_length);
	return put_mark(mark, path);
}

int put_directory(int fd, const char *path)
{
	char mark[PATH_MAX + sizeof(OPAQUE)];
	struct stat status;
	struct tar_entry entry;

	if (fstat(fd, &status) != 0 || read_attributes(fd, NULL, path) != 0)
		return pass_over(path);
	entry = describe(TAR_DIRECTORY, path[0] == '\0' ? "./" : path, &status);
	if (tar_put_header(&entry) != 0)
		return pass_over(path);
	if (is_plain || !attributes.is_opaque)
		return 0;
	snprintf(mark, sizeof(mark), "%s" OPAQUE, path);
	return put_mark(mark, path);
}

static void remember(const struct stat *status, const char *path)
{
	if (status->st_nlink > 1)
		link_table_add(status->st_dev, status->st_ino, path);
}

static int put_open_file(int fd, const char *path)
{
	struct stat status;
	struct tar_entry entry;

	if (fstat(fd, &status) != 0)
		return pass_over(path);
	/* It may have taken the place of what was listed. */
	if (!S_ISREG(status.st_mode))
		return 0;
	if (read_attributes(fd, NULL, path) != 0)
		return pass_over(path);
	entry = describe(TAR_FILE, path, &status);
	entry.size = (uint64_t)status.st_size;
	if (tar_put_header(&entry) != 0)
		return pass_over(path);
	remember(&status, path);
	switch (tar_put_content(fd, entry.size)) {
	case TAR_CONTENT_WHOLE:
		return 0;
	case TAR_CONTENT_CUT:
		return pass_over(path);
	default:
		return report_failure(path);
	}
}

static int put_regular(int directory_fd, const char *name, const char *path)
{
	int result;
	const int fd = openat(directory_fd, name,
			      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return has_gone() ? 0 : pass_over(path);
	result = put_open_file(fd, path);
	close(fd);
	return result;
}

static enum tar_type special_type(mode_t mode)
{
	if (S_ISLNK(mode))
		return TAR_SYMLINK;
	if (S_ISCHR(mode))
		return TAR_CHARACTER_DEVICE;
	return S_ISBLK(mode) ? TAR_BLOCK_DEVICE : TAR_FIFO;
}

/* Links, devices and pipes, whose attributes are not had by a descriptor. */
static int put_special(int directory_fd, const char *name, const char *path,
		       const struct stat *status)
{
	static char target[PATH_MAX];
	struct tar_entry entry;

	if (fchdir(directory_fd) != 0 || read_attributes(-1, name, path) != 0)
		return has_gone() ? 0 : pass_over(path);
	entry = describe(special_type(status->st_mode), path, status);
	if (entry.type == TAR_SYMLINK) {
		const ssize_t length = readlink(name, target, sizeof(target) - 1);

		if (length < 0)
			return errno == EINVAL || has_gone() ? 0 : pass_over(path);
		target[length] = '\0';
		entry.link = target;
	} else if (entry.type != TAR_FIFO) {
		entry.major = major(status->st_rdev);
		entry.minor = minor(status->st_rdev);
	}
	if (tar_put_header(&entry) != 0)
		return pass_over(path);
	remember(status, path);
	return 0;
}

int put_file(int directory_fd, const char *name, const char *path, const struct stat *status)
{
	const char *first = status->st_nlink > 1 ? link_table_find(status->st_dev, status->st_ino) : NULL;

	if (first != NULL) {
		struct tar_entry entry = describe(TAR_HARD_LINK, path, status);

		entry.link = first;
		entry.attributes_length = 0;
		return tar_put_header(&entry) != 0 ? report_failure(path) : 0;
	}
	return S_ISREG(status->st_mode) ? put_regular(directory_fd, name, path)
					: put_special(directory_fd, name, path, status);
}
