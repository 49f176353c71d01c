#include "untar.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "beneath.h"
#include "files-failure.h"
#include "files.h"
#include "layer-entries.h"
#include "tar-header.h"
#include "tar-input.h"
#include "untar-attributes.h"
#include "untar-directories.h"
#include "untar-place.h"

/* What is being made, under a name that goes if it is not finished. */
static struct {
	volatile sig_atomic_t parent_fd;
	char name[64];
} unfinished = {.parent_fd = -1};

static const struct untar_options *options;
static int top_fd;

static void give_up(int number)
{
	if (unfinished.parent_fd >= 0)
		unlinkat(unfinished.parent_fd, unfinished.name, 0);
	_exit(128 + number);
}

static void begin_file(int parent_fd)
{
	unfinished.parent_fd = parent_fd;
}

static void drop_file(void)
{
	const int error = errno;

	if (unfinished.parent_fd >= 0)
		unlinkat(unfinished.parent_fd, unfinished.name, 0);
	unfinished.parent_fd = -1;
	errno = error;
}

/* Gives what was made its name, in the place of what had it. */
static int finish_file(const char *name)
{
	if (renameat(unfinished.parent_fd, unfinished.name, unfinished.parent_fd, name) != 0)
		return -1;
	/* Another name of the same file is left alone by that. */
	drop_file();
	return 0;
}

static int fail(const char *path)
{
	/* Names with links that lead away, which only an attacker's tar has. */
	if (errno == EXDEV)
		return files_refuse(FILES_BAD_ARCHIVE, path, "it leads out of the directory");
	return files_fail(path);
}

static int write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		const ssize_t written = write(fd, bytes, length);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

/* -2 where it is the tar that ends too early. */
static int write_content(int fd)
{
	const uint8_t *bytes;
	long length;

	while ((length = tar_input_content(&bytes)) > 0)
		if (write_all(fd, bytes, (size_t)length) != 0)
			return -1;
	return length < 0 ? -2 : 0;
}

static int make_file(int parent_fd, const struct tar_input_entry *entry)
{
	int result, error;
	const int fd = openat(parent_fd, unfinished.name,
			      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	result = write_content(fd);
	if (result == 0)
		result = untar_set_file(fd, entry, options);
	error = errno;
	/* A full disk of another machine may say so only now. */
	if (close(fd) != 0 && result == 0)
		return -1;
	errno = error;
	return result;
}

static int make_special(int parent_fd, const struct tar_input_entry *entry)
{
	const struct tar_parsed *header = &entry->header;
	const int made = header->type == TAR_SYMLINK
				 ? symlinkat(header->link, parent_fd, unfinished.name)
				 : mknodat(parent_fd, unfinished.name,
					   S_IFIFO | (header->mode & 0777), 0);

	return made != 0 ? -1 : untar_set_special(parent_fd, unfinished.name, entry, options);
}

static int make_hard_link(int parent_fd, const struct tar_input_entry *entry)
{
	struct plain_path target;
	int target_fd = top_fd, result;

	if (untar_path(entry->header.link, &target) != NULL || target.text[0] == '\0') {
		errno = EXDEV;
		return -1;
	}
	if (target.name > 0) {
		target.text[target.name - 1] = '\0';
		target_fd = open_beneath(top_fd, target.text, O_PATH | O_DIRECTORY);
	}
	if (target_fd < 0)
		return -1;
	result = linkat(target_fd, untar_name(&target), parent_fd, unfinished.name, 0);

	const int error = errno;
	if (target_fd != top_fd)
		close(target_fd);
	errno = error;
	return result;
}

static int make_directory(int parent_fd, const struct plain_path *path,
			  const struct tar_input_entry *entry)
{
	const char *name = untar_name(path);
	const bool is_new = mkdirat(parent_fd, name, 0700) == 0;
	int fd;

	if (!is_new && errno != EEXIST)
		return -1;
	/* A link to a directory below will do as one, but not in the place of one that was made. */
	fd = is_new ? openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
		    : open_beneath(top_fd, path->text, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return -1;
	if (is_new || options->keeps_owners)
		untar_directory_later(fd, path->text, entry, options);
	close(fd);
	return 0;
}

/* Everything but a directory comes under another name first. */
static int make_other(int parent_fd, const char *name, const struct tar_input_entry *entry)
{
	int result;

	begin_file(parent_fd);
	switch (entry->header.type) {
	case TAR_HARD_LINK:
		result = make_hard_link(parent_fd, entry);
		break;
	case TAR_SYMLINK:
	case TAR_FIFO:
		result = make_special(parent_fd, entry);
		break;
	default:
		result = make_file(parent_fd, entry);
		break;
	}
	if (result == 0)
		result = finish_file(name);
	if (result != 0)
		drop_file();
	return result;
}

static bool is_file(char type)
{
	return type == TAR_FILE || type == '\0' || type == '7';
}

/* A very old tar says that it is a directory by the slash at its end. */
static bool is_directory(const struct tar_parsed *header)
{
	const size_t length = strlen(header->path);

	return header->type == TAR_DIRECTORY ||
	       (header->type == '\0' && length > 0 && header->path[length - 1] == '/');
}

static bool is_known(const struct tar_parsed *header)
{
	return is_file(header->type) || is_directory(header) || header->type == TAR_HARD_LINK ||
	       header->type == TAR_SYMLINK || header->type == TAR_FIFO;
}

static int unpack(const struct tar_input_entry *entry)
{
	static struct plain_path path;
	const struct tar_parsed *header = &entry->header;
	const char *why = untar_path(header->path, &path);
	int parent_fd, result;

	if (why != NULL)
		return files_refuse(FILES_BAD_ARCHIVE, header->path, why);
	if (!is_known(header)) {
		report_left_out(header->path, "left out: neither file, directory nor link");
		return 0;
	}
	/* The directory itself, which is as it is. */
	if (path.text[0] == '\0')
		return 0;
	parent_fd = untar_parent(top_fd, &path, options->uid, options->gid);
	if (parent_fd < 0)
		return fail(header->path);
	result = is_directory(header) ? make_directory(parent_fd, &path, entry)
				      : make_other(parent_fd, untar_name(&path), entry);
	if (result == -2)
		return files_refuse(FILES_BAD_ARCHIVE, header->path, "the archive ends too early");
	return result == 0 ? 0 : fail(header->path);
}

int untar(int input_fd, int directory_fd, const struct untar_options *with)
{
	static struct tar_input_entry entry;
	const struct sigaction on_end = {.sa_handler = give_up};
	const char *why;
	int code = 0;

	options = with;
	top_fd = directory_fd;
	entries_are_plain();
	snprintf(unfinished.name, sizeof(unfinished.name), ".skerry-%d-untar", (int)getpid());
	sigaction(SIGTERM, &on_end, NULL);
	tar_input_open(input_fd);
	while (code == 0) {
		const enum tar_next next = tar_input_next(&entry, &why);

		if (next == TAR_END)
			break;
		code = next == TAR_ENTRY ? unpack(&entry)
					 : files_refuse(FILES_BAD_ARCHIVE, "archive", why);
	}
	untar_finish_directories(top_fd);
	return code;
}
