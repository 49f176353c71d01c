#include "rehearsal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "clock.h"
#include "interface.h"
#include "tree.h"
#include "virtio.h"

enum { RELEASE_TIMEOUT_MS = 10000, POLL_MS = 10, DEVICE_PATH_SIZE = 64 };

/* Mounts, host name and processes of its own; the network is one that nobody is at yet. */
enum { NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID };

#define OWN_NAME "rehearsal"

static bool rehearses;

bool is_rehearsing(void)
{
	return rehearses;
}

void rehearsal_end(void)
{
	/* The first process of a namespace takes all others with it. */
	_exit(EXIT_SUCCESS);
}

void rehearsal_empty(int directory_fd)
{
	int fd = -1;

	if (mkdirat(directory_fd, OWN_NAME, 0700) == 0)
		fd = openat(directory_fd, OWN_NAME, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		if (mkdirat(fd, "directory", 0700) == 0)
			close(openat(fd, "directory/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		tree_empty(fd);
	}
	unlinkat(directory_fd, OWN_NAME, AT_REMOVEDIR);
	close(directory_fd);
}

/* Whether nothing holds a disk: what the kernel still unmounts does. */
static bool disk_is_free(const char *name)
{
	char path[DEVICE_PATH_SIZE];
	int fd;

	snprintf(path, sizeof(path), "/dev/%.50s", name);
	fd = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
	if (fd < 0)
		return errno != EBUSY;
	close(fd);
	return true;
}

static bool disks_are_free(void)
{
	DIR *disks = opendir("/sys/block");
	const struct dirent *entry;
	bool are_free = disks != NULL;

	while (are_free && (entry = readdir(disks)) != NULL)
		are_free = entry->d_name[0] == '.' || disk_is_free(entry->d_name);
	if (disks != NULL)
		closedir(disks);
	return are_free;
}

/* Mounts of a namespace that has ended go a little later, by themselves. */
static int wait_for_disks(void)
{
	const uint64_t deadline = uptime_ms() + RELEASE_TIMEOUT_MS;
	const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};

	while (!disks_are_free()) {
		if (uptime_ms() >= deadline) {
			errno = EBUSY;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}

static void take_interfaces_down(void)
{
	DIR *interfaces = opendir("/sys/class/net");
	const struct dirent *entry;

	while (interfaces != NULL && (entry = readdir(interfaces)) != NULL)
		if (entry->d_name[0] != '.')
			interface_down(entry->d_name);
	if (interfaces != NULL)
		closedir(interfaces);
}

/* What the rehearsal has left outside of its namespaces is as it was before. */
static int undo(void)
{
	take_interfaces_down();
	if (wait_for_disks() != 0)
		return -1;
	virtio_unbind("virtio_blk");
	return 0;
}

void rehearsal_run(struct answer_message *answer)
{
	int status;
	/* As fork, which takes no namespaces: those of unshare would be for the children to come, too. */
	const pid_t pid = (pid_t)syscall(SYS_clone, (long)NAMESPACES | SIGCHLD, 0L, 0L, 0L, 0L);

	if (pid == 0) {
		rehearses = true;
		if (agent_fork() == 0)
			return;
		_exit(EXIT_FAILURE);
	}
	if (pid < 0) {
		answer->step = "begin to rehearse";
		answer->error = errno;
		return;
	}
	answer->request = REHEARSED;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			break;
	if (undo() == 0)
		return;
	answer->step = "undo the rehearsal";
	answer->error = errno;
}
