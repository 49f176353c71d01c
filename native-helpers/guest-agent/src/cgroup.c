#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "processes-message.h"

/* Whoever is root in the guest makes as many as there is memory for. */
enum { THREADS_MAX = 8192, ENTRIES_MAX = 4096 };

static ssize_t read_text(int directory_fd, const char *name, char *text, size_t size)
{
	const int fd = openat(directory_fd, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	text[0] = '\0';
	if (fd < 0)
		return -1;
	length = read(fd, text, size - 1);
	text[length > 0 ? length : 0] = '\0';

	const int error = errno;
	close(fd);
	errno = error;
	return length;
}

static int write_text(int directory_fd, const char *name, const char *text)
{
	const int fd = openat(directory_fd, name, O_WRONLY | O_CLOEXEC);
	const size_t length = strlen(text);
	int failed;

	if (fd < 0)
		return -1;
	failed = write(fd, text, length) != (ssize_t)length;

	const int error = errno;
	close(fd);
	errno = error;
	return failed ? -1 : 0;
}

/* One that has ended cannot be moved. */
static bool is_of_kind(int proc_fd, const char *thread, enum thread_kind kind)
{
	char path[64], text[1024];
	struct process process;

	snprintf(path, sizeof(path), "%.20s/stat", thread);
	if (read_text(proc_fd, path, text, sizeof(text)) <= 0)
		return false;
	return process_parse(text, 1, 1, &process) &&
	       process.is_kernel_thread == (kind == KERNEL_THREADS) && process.state != 'Z' &&
	       process.state != 'X';
}

/* Whether it was one that had to go; -1 with errno where it cannot. Its process goes as a whole. */
static int move_one(int to_fd, int proc_fd, const char *thread, enum thread_kind kind)
{
	const unsigned long number = strtoul(thread, NULL, 10);

	/* 0 is one that cannot be named here, and would be read as this one. */
	if (number == 0 || number == (unsigned long)getpid() ||
	    !is_of_kind(proc_fd, thread, kind))
		return 0;
	if (write_text(to_fd, "cgroup.procs", thread) == 0)
		return 1;
	return errno == ESRCH ? 0 : -1;
}

/*
 * Threads and not processes: one whose first thread has ended is in no list of processes of the
 * group that its other threads are in.
 */
int cgroup_move(int from_fd, int to_fd, int proc_fd, enum thread_kind kind, uint64_t until_ms)
{
	const int fd = openat(from_fd, "cgroup.threads", O_RDONLY | O_CLOEXEC);
	FILE *threads = fd < 0 ? NULL : fdopen(fd, "r");
	char line[32];
	int seen = 0, moved = 0, error = 0;

	if (threads == NULL) {
		error = errno;
		if (fd >= 0)
			close(fd);
		errno = error;
		return -1;
	}
	while (error == 0 && fgets(line, sizeof(line), threads) != NULL) {
		line[strcspn(line, "\n")] = '\0';

		const int was_moved = move_one(to_fd, proc_fd, line, kind);
		if (was_moved < 0)
			error = errno;
		else if (++seen > THREADS_MAX)
			error = E2BIG;
		else if (was_moved > 0 && uptime_ms() > until_ms)
			error = ETIMEDOUT;
		moved += was_moved > 0;
	}
	fclose(threads);
	errno = error;
	return error == 0 ? moved : -1;
}

int cgroup_enter(int group_fd)
{
	return write_text(group_fd, "cgroup.procs", "0");
}

bool cgroup_is_asked_to_freeze(int group_fd)
{
	char text[CGROUP_TEXT_MAX];

	return read_text(group_fd, "cgroup.freeze", text, sizeof(text)) > 0 && text[0] == '1';
}

int cgroup_freeze(int group_fd, bool is_frozen)
{
	return write_text(group_fd, "cgroup.freeze", is_frozen ? "1" : "0");
}

bool cgroup_is_frozen(int group_fd)
{
	char text[CGROUP_TEXT_MAX];
	char *rest = text;
	const char *line;

	if (read_text(group_fd, "cgroup.events", text, sizeof(text)) < 0)
		return errno == ENOENT || errno == ENODEV;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (strcmp(line, "frozen 1") == 0)
			return true;
	return false;
}

bool cgroup_is_threaded(int group_fd)
{
	char text[CGROUP_TEXT_MAX];

	return read_text(group_fd, "cgroup.type", text, sizeof(text)) > 0 &&
	       strncmp(text, "threaded", 8) == 0;
}

int cgroup_each_child(int group_fd, int (*visit)(const char *name, uint64_t number))
{
	const int fd = openat(group_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (directory == NULL) {
		error = errno;
		if (fd >= 0)
			close(fd);
		errno = error;
		return -1;
	}
	for (int looks = 0; error == 0 && (entry = readdir(directory)) != NULL; looks++) {
		if (looks == ENTRIES_MAX)
			error = E2BIG;
		else if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
			 strcmp(entry->d_name, "..") != 0 &&
			 visit(entry->d_name, entry->d_ino) != 0)
			error = errno;
	}
	closedir(directory);
	errno = error;
	return error == 0 ? 0 : -1;
}
