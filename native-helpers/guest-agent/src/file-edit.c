#include "file-edit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "file-answer.h"
#include "files-failure.h"
#include "files-user.h"
#include "files.h"
#include "guest-path.h"

enum { ATTRIBUTES_MAX = 64 * 1024 };

/* One more byte shows that there is more. */
static uint8_t text[EDITED_MAX_BYTES + 1];
static uint8_t before[EDITED_MAX_BYTES];

/* Reads until the end or until there is no room; -1 with errno. */
static ssize_t read_whole(int fd, uint8_t *to, size_t capacity)
{
	size_t length = 0;

	while (length < capacity) {
		const ssize_t have = read(fd, to + length, capacity - length);

		if (have < 0 && errno == EINTR)
			continue;
		if (have < 0)
			return -1;
		if (have == 0)
			break;
		length += (size_t)have;
	}
	return (ssize_t)length;
}

static int write_whole(int fd, const uint8_t *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		const ssize_t written = pwrite(fd, bytes + done, length - done, (off_t)done);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0)
			done += (size_t)written;
	}
	return 0;
}

/* Opens a regular file; -1 with errno. What a pipe's open would wait for does not come. */
static int open_regular(const char *path, int flags, struct stat *status)
{
	char same[32];
	int fd = -1;
	/* It is looked at before it is opened: to open a device or a pipe does something to it. */
	const int seen_fd = open(path, O_PATH | O_CLOEXEC);

	if (seen_fd < 0)
		return -1;
	if (fstat(seen_fd, status) == 0 && S_ISREG(status->st_mode)) {
		snprintf(same, sizeof(same), "/proc/self/fd/%d", seen_fd);
		fd = open(same, flags | O_CLOEXEC);
		/* To be opened for writing makes a file of an image another one. */
		if (fd >= 0 && fstat(fd, status) != 0) {
			close(fd);
			fd = -1;
		}
	} else {
		errno = S_ISDIR(status->st_mode) ? EISDIR : ENOTSUP;
	}

	const int error = errno;
	close(seen_fd);
	errno = error;
	return fd;
}

static void put_file(const char *path, const struct stat *status)
{
	struct guest_path parts;
	const bool has_name = guest_path_split(path, &parts) == 0;

	answer_put_file(&(struct file_answer){.name = has_name ? parts.name : "/",
					      .status = status,
					      .directory_fd = -1,
					      .has_version = true});
}

int files_read(const struct files_message *message)
{
	const char *path = message->paths[0];
	const size_t most = message->size < EDITED_MAX_BYTES ? (size_t)message->size
							     : EDITED_MAX_BYTES;
	struct stat status;
	ssize_t length;
	const int fd = open_regular(path, O_RDONLY, &status);

	if (fd < 0)
		return files_fail(path);
	length = read_whole(fd, text, most + 1);
	if (length >= 0 && (size_t)length > most) {
		errno = EFBIG;
		length = -1;
	}
	if (length < 0)
		return files_fail(path);
	put_file(path, &status);
	answer_put_content(text, (size_t)length);
	return answer_finish();
}

/* What is no link to a file of its own stays with it: capabilities go, as with any write. */
static void copy_attributes(int from, int to)
{
	static char names[ATTRIBUTES_MAX], value[ATTRIBUTES_MAX];
	const ssize_t listed = flistxattr(from, names, sizeof(names));

	for (const char *name = names; name < names + listed; name += strlen(name) + 1) {
		const bool is_kept = strncmp(name, "user.", 5) == 0 ||
				     strncmp(name, "system.posix_acl_", 17) == 0;
		const ssize_t length = is_kept ? fgetxattr(from, name, value, sizeof(value)) : -1;

		if (length >= 0)
			fsetxattr(to, name, value, (size_t)length, 0);
	}
}

/*
 * A file that others have under another name, or that is mounted there, keeps its inode. It is
 * opened by the descriptor that it was looked at with: whoever may write to a directory of the path
 * may have put another file there. (To compare inodes would not do: one of the image has another
 * as soon as it is written to.)
 */
static int write_in_place(const char *path, int old_fd, size_t length)
{
	char same[32];
	struct stat status;
	ssize_t had;
	int fd, error;

	snprintf(same, sizeof(same), "/proc/self/fd/%d", old_fd);
	fd = open_regular(same, O_RDWR, &status);
	if (fd < 0)
		return -1;
	had = read_whole(fd, before, sizeof(before));
	if (had < 0 || had < status.st_size) {
		errno = had < 0 ? errno : EFBIG;
		close(fd);
		return -1;
	}
	if (write_whole(fd, text, length) == 0 && ftruncate(fd, (off_t)length) == 0 &&
	    fsync(fd) == 0)
		return close(fd);
	error = errno;
	if (write_whole(fd, before, (size_t)had) != 0 || ftruncate(fd, (off_t)had) != 0)
		files_refuse(0, path, "what it was could not be put back");
	close(fd);
	errno = error;
	return -1;
}

/* Makes the new file beside; its descriptor, or -1 with errno. */
static int make_beside(int parent_fd, const char *beside, size_t length, const struct stat *old,
		       int old_fd, const struct user *user)
{
	const int fd = openat(parent_fd, beside,
			      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	if (old_fd >= 0)
		copy_attributes(old_fd, fd);
	if (write_whole(fd, text, length) == 0 &&
	    fchown(fd, old_fd >= 0 ? old->st_uid : user->uid,
		   old_fd >= 0 ? old->st_gid : user->gid) == 0 &&
	    fchmod(fd, old_fd >= 0 ? old->st_mode & 07777 : 0644) == 0 && fsync(fd) == 0)
		return fd;

	const int error = errno;
	close(fd);
	unlinkat(parent_fd, beside, 0);
	errno = error;
	return -1;
}

/* Whether the file of this name is the one that was read; -1 with ESTALE where it is not. */
static int check_same(int parent_fd, const char *name, const struct stat *old)
{
	struct stat now;

	if (fstatat(parent_fd, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_ino == old->st_ino &&
	    now.st_dev == old->st_dev)
		return 0;
	errno = ESTALE;
	return -1;
}

/* With `old_fd` the file is replaced; without it there must be none. */
static int put_in_place(const char *path, size_t length, const struct stat *old, int old_fd,
			const struct user *user)
{
	struct guest_path parts;
	char beside[64];
	int parent_fd, fd, failed, error;

	if (guest_path_split(path, &parts) != 0)
		return -1;
	parent_fd = guest_path_open_parent(&parts);
	if (parent_fd < 0)
		return -1;
	if (old_fd >= 0 && check_same(parent_fd, parts.name, old) != 0) {
		close(parent_fd);
		errno = ESTALE;
		return -1;
	}
	snprintf(beside, sizeof(beside), ".skerry-%d-edit", (int)getpid());
	fd = make_beside(parent_fd, beside, length, old, old_fd, user);
	failed = fd < 0 || (old_fd >= 0 ? renameat(parent_fd, beside, parent_fd, parts.name)
					: linkat(parent_fd, beside, parent_fd, parts.name, 0)) != 0;
	error = errno;
	if (fd >= 0)
		close(fd);
	if (old_fd < 0 || failed)
		unlinkat(parent_fd, beside, 0);
	close(parent_fd);
	errno = error;
	return failed ? -1 : 0;
}

static int replace(const char *path, size_t length, const char *version)
{
	struct stat status;
	char now[FILE_VERSION_MAX];
	int failed;
	const int fd = open_regular(path, O_RDONLY, &status);

	if (fd < 0 && errno != ENOENT)
		return files_fail(path);
	if (fd >= 0)
		file_version(&status, now);
	if (fd < 0 || strcmp(now, version) != 0)
		return files_refuse(FILES_HAS_CHANGED, path,
				    fd < 0 ? "it has been removed" : "it has been written to");
	failed = status.st_nlink > 1 ? write_in_place(path, fd, length)
				     : put_in_place(path, length, &status, fd, NULL);
	/* A mount point cannot be replaced; what is mounted there can be written to. */
	if (failed && errno == EBUSY)
		failed = write_in_place(path, fd, length);
	if (failed && errno == ESTALE)
		return files_refuse(FILES_HAS_CHANGED, path, "it has been replaced");
	if (failed)
		return files_fail(path);
	close(fd);
	return 0;
}

static int create(const char *path, size_t length, const char *name)
{
	struct user user;
	const int code = files_find_user(name, &user);

	if (code != 0)
		return code;
	return put_in_place(path, length, NULL, -1, &user) != 0 ? files_fail(path) : 0;
}

int files_write(const struct files_message *message)
{
	char real[PATH_MAX];
	const char *path = message->paths[0];
	struct stat status;
	const ssize_t length = read_whole(STDIN_FILENO, text, sizeof(text));
	int code;

	if (length < 0 || (uint64_t)length != message->size || length > EDITED_MAX_BYTES)
		return files_refuse(EINVAL, path, "its text did not come whole");
	/* What a link leads to is written, not the link. */
	if (message->version != NULL && realpath(path, real) != NULL)
		path = real;
	code = message->version != NULL ? replace(path, (size_t)length, message->version)
					: create(path, (size_t)length, message->user);
	if (code != 0)
		return code;
	if (stat(path, &status) != 0)
		return files_fail(path);
	put_file(message->paths[0], &status);
	return answer_finish();
}
