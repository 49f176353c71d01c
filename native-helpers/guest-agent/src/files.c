#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file-alter.h"
#include "file-changes.h"
#include "file-edit.h"
#include "file-list.h"
#include "file-move.h"
#include "file-transfer.h"
#include "files-failure.h"

enum { UPPER_FD = 3, LOWER_FD = 4, ABOVE_FD = 16 };

/* Puts an open directory at a descriptor; -1 where there is none. */
static int place_at(int fd, int wanted)
{
	return fd < 0 ? -1 : dup2(fd, wanted);
}

/* The port and the ends of other commands' pipes are none of this process's business. */
static struct files_place keep(const struct files_place *place)
{
	struct files_place kept = *place;
	const int upper = place->upper_fd < 0 ? -1 : fcntl(place->upper_fd, F_DUPFD, ABOVE_FD);
	const int lower = place->lower_fd < 0 ? -1 : fcntl(place->lower_fd, F_DUPFD, ABOVE_FD);

	syscall(SYS_close_range, (unsigned)UPPER_FD, ABOVE_FD - 1u, 0u);
	kept.upper_fd = place_at(upper, UPPER_FD);
	kept.lower_fd = place_at(lower, LOWER_FD);
	syscall(SYS_close_range, LOWER_FD + 1u, UINT_MAX, 0u);
	return kept;
}

int files_run(const struct files_message *message, const struct files_place *all)
{
	const struct files_place place = keep(all);

	/* When nobody reads any more, that is the end of it. */
	signal(SIGPIPE, SIG_DFL);
	umask(0);
	switch (message->action) {
	case FILES_LIST:
		return files_list(message->paths[0], &place);
	case FILES_STAT:
		return files_stat(message->paths[0]);
	case FILES_READ:
		return files_read(message);
	case FILES_WRITE:
		return files_write(message);
	case FILES_RENAME:
		return files_rename(message);
	case FILES_REMOVE:
		return files_remove(message);
	case FILES_MAKE_DIRECTORY:
		return files_make_directory(message);
	case FILES_SET_MODE:
		return files_set_mode(message);
	case FILES_SET_OWNER:
		return files_set_owner(message);
	case FILES_CHANGES:
		return files_changes(message->paths[0], &place);
	case FILES_TAR:
		return files_tar(message);
	case FILES_MEASURE:
		return files_measure(message);
	case FILES_UNTAR:
		return files_untar(message);
	default:
		errno = ENOSYS;
		return files_fail(message->paths[0]);
	}
}
