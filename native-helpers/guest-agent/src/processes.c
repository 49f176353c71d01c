#include "processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "messages.h"

/* Of entries of /proc for one answer: a guest can have tens of thousands of processes. */
enum { LOOKS_MAX = 8192 };

/*
 * The name is enough: what a process was started with (`cmdline`) is read out of its memory, and a
 * process can make whoever reads that wait.
 */
static bool read_process(int proc_fd, const char *pid, struct process *process)
{
	char path[64], text[1024];
	struct stat owner;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "%.20s/stat", pid);
	fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	length = read(fd, text, sizeof(text) - 1);
	text[length > 0 ? length : 0] = '\0';
	if (!process_parse(text, (uint64_t)sysconf(_SC_PAGESIZE), (uint64_t)sysconf(_SC_CLK_TCK),
			   process) ||
	    process->is_kernel_thread || fstat(fd, &owner) != 0) {
		close(fd);
		return false;
	}
	process->user = owner.st_uid;
	close(fd);
	return true;
}

/* Calls back with each process, in the order of their pids, until it says no; whether it did. */
static bool each_process(uint32_t after_pid, bool (*visit)(void *, const struct process *),
			 void *context)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	struct process process;
	bool stopped = false;

	for (int looks = 0; proc != NULL && looks < LOOKS_MAX && !stopped; looks++) {
		entry = readdir(proc);
		if (entry == NULL)
			break;
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    strtoul(entry->d_name, NULL, 10) <= after_pid)
			continue;
		if (read_process(dirfd(proc), entry->d_name, &process))
			stopped = !visit(context, &process);
	}
	if (proc != NULL)
		closedir(proc);
	return stopped;
}

static bool count_one(void *context, const struct process *process)
{
	uint32_t *count = context;

	(void)process;
	(*count)++;
	return true;
}

uint32_t processes_count(void)
{
	uint32_t count = 0;

	each_process(0, count_one, &count);
	return count;
}

static bool put_one(void *context, const struct process *process)
{
	struct fields_writer *writer = context;
	const size_t last = FIELD_HEADER_SIZE + 4;

	if (writer->length + PROCESS_MAX + last > PROCESSES_REPLY_MAX)
		return false;
	process_write(writer, process);
	return true;
}

void processes_put(struct fields_writer *writer, uint32_t after_pid)
{
	const bool is_more = each_process(after_pid, put_one, writer);

	fields_put_u32(writer, TAG_IS_MORE, is_more);
}
