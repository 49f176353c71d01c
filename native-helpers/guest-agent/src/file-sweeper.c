#include "file-sweeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tree.h"

enum { READ_END, WRITE_END, ENDS };
/* Where the descriptors of the sweeper are: it has no others, so that no session waits for it. */
enum { DIRECTORY_FD = 0, LIFE_FD = 1 };

_Noreturn static void sweep(int directory_fd, int life_fd, const char *name)
{
	const int directory = dup3(directory_fd, 100, 0), life = dup3(life_fd, 101, 0);
	char is_done;
	ssize_t count;

	setsid();
	if (directory < 0 || life < 0 || dup2(directory, DIRECTORY_FD) < 0 ||
	    dup2(life, LIFE_FD) < 0)
		_exit(EXIT_FAILURE);
	syscall(SYS_close_range, LIFE_FD + 1u, UINT_MAX, 0u);
	do
		count = read(LIFE_FD, &is_done, 1);
	while (count < 0 && errno == EINTR);
	/* The end without a word: it was killed. */
	if (count == 0)
		tree_remove(DIRECTORY_FD, name);
	_exit(EXIT_SUCCESS);
}

int sweeper_begin(int directory_fd, const char *name)
{
	int life[ENDS];
	pid_t child;

	if (pipe2(life, O_CLOEXEC) != 0)
		return -1;
	child = fork();
	if (child == 0)
		sweep(directory_fd, life[READ_END], name);
	close(life[READ_END]);
	if (child > 0)
		return life[WRITE_END];

	const int error = errno;
	close(life[WRITE_END]);
	errno = error;
	return -1;
}

void sweeper_end(int sweeper_fd)
{
	signal(SIGPIPE, SIG_IGN);
	/* One that has gone has nothing left to do either. */
	if (write(sweeper_fd, "", 1) < 0)
		errno = 0;
	close(sweeper_fd);
}
