#include "file-sweeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tree.h"

enum { OURS, SWEEPERS, ENDS };
/* Where the sweeper's descriptors are: it has no others, so that no session waits for it. */
enum { DIRECTORY_FD = 0, LIFE_FD = 1, ABOVE_FD = 16 };

/* One byte, or the end of the other one. */
static ssize_t hear(int fd)
{
	char byte;
	ssize_t count;

	do
		count = recv(fd, &byte, 1, 0);
	while (count < 0 && errno == EINTR);
	return count;
}

static bool tell(int fd)
{
	return send(fd, "", 1, MSG_NOSIGNAL) == 1;
}

_Noreturn static void sweep(int directory_fd, int life_fd, const char *name)
{
	const int directory = fcntl(directory_fd, F_DUPFD, ABOVE_FD);
	const int life = fcntl(life_fd, F_DUPFD, ABOVE_FD);

	if (setsid() < 0 || dup2(directory, DIRECTORY_FD) < 0 || dup2(life, LIFE_FD) < 0 ||
	    syscall(SYS_close_range, LIFE_FD + 1u, UINT_MAX, 0u) != 0 || !tell(LIFE_FD))
		_exit(EXIT_FAILURE);
	/* The end without a word: it was killed. */
	if (hear(LIFE_FD) == 0)
		tree_remove(DIRECTORY_FD, name);
	_exit(EXIT_SUCCESS);
}

int sweeper_begin(int directory_fd, const char *name)
{
	int life[ENDS];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, life) != 0)
		return -1;
	child = fork();
	if (child == 0)
		sweep(directory_fd, life[SWEEPERS], name);
	close(life[SWEEPERS]);
	/* Until it has a group of its own, a signal to ours reaches it. */
	if (child > 0 && hear(life[OURS]) == 1)
		return life[OURS];
	close(life[OURS]);
	errno = EAGAIN;
	return -1;
}

void sweeper_end(int sweeper_fd)
{
	/* One that has gone has nothing left to do either. */
	tell(sweeper_fd);
	close(sweeper_fd);
}
