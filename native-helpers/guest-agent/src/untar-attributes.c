#include "untar-attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tar-header.h"

#define RECORD "SCHILY.xattr."

static uid_t uid_of(const struct tar_parsed *header, const struct untar_options *options)
{
	return options->keeps_owners ? header->uid : options->uid;
}

static gid_t gid_of(const struct tar_parsed *header, const struct untar_options *options)
{
	return options->keeps_owners ? header->gid : options->gid;
}

static bool is_kept(const char *name)
{
	return strncmp(name, "user.", 5) == 0 || strcmp(name, "security.capability") == 0 ||
	       strncmp(name, "system.posix_acl_", 17) == 0;
}

/* Those that the filesystem does not take are left out, as every tar program does it. */
static void set_attributes(int fd, const struct tar_input_entry *entry)
{
	struct tar_pax_record record;
	const size_t prefix = strlen(RECORD);

	for (size_t at = 0;
	     tar_next_record(entry->records, entry->records_length, &at, &record);) {
		char name[256];

		if (record.key_length <= prefix || record.key_length - prefix >= sizeof(name) ||
		    memcmp(record.key, RECORD, prefix) != 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(record.key_length - prefix),
			 record.key + prefix);
		if (is_kept(name))
			fsetxattr(fd, name, record.value, record.value_length, 0);
	}
}

/* What runs as its owner would run as another one than it was made for. */
static mode_t mode_of(const struct tar_parsed *header, const struct untar_options *options)
{
	return header->mode & (options->keeps_owners ? 07777 : 01777);
}

static struct timespec time_of(const struct tar_parsed *header)
{
	return (struct timespec){.tv_sec = (time_t)header->mtime_seconds,
				 .tv_nsec = (long)header->mtime_nanoseconds};
}

int untar_set_file(int fd, const struct tar_input_entry *entry, const struct untar_options *options)
{
	const struct tar_parsed *header = &entry->header;
	const struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, time_of(header)};

	/* A new owner takes setuid and capabilities away, so that it comes first. */
	if (fchown(fd, uid_of(header, options), gid_of(header, options)) != 0 ||
	    fchmod(fd, mode_of(header, options)) != 0)
		return -1;
	if (options->keeps_owners)
		set_attributes(fd, entry);
	/* A time that the filesystem has no room for is no reason to fail. */
	futimens(fd, times);
	return 0;
}

int untar_set_special(int parent_fd, const char *name, const struct tar_input_entry *entry,
		      const struct untar_options *options)
{
	const struct tar_parsed *header = &entry->header;
	const struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, time_of(header)};
	const mode_t format = header->type == TAR_SYMLINK ? S_IFLNK : S_IFIFO;
	const int fd = openat(parent_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;
	int failed, error;

	if (fd < 0)
		return -1;
	failed = fstat(fd, &status);
	/* Whoever owns the directory may have put another file there meanwhile. */
	if (failed == 0 && ((status.st_mode & S_IFMT) != format || status.st_nlink != 1)) {
		errno = EAGAIN;
		failed = -1;
	}
	if (failed == 0)
		failed = fchownat(fd, "", uid_of(header, options), gid_of(header, options),
				  AT_EMPTY_PATH);
	error = errno;
	close(fd);
	errno = error;
	if (failed == 0)
		utimensat(parent_fd, name, times, AT_SYMLINK_NOFOLLOW);
	return failed;
}
