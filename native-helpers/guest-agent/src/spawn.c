#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "child.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

enum { READ_END, WRITE_END };

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_all(struct spawned *spawned, struct child_files *files)
{
	const int is_terminal = spawned->stdin_fd == spawned->stdout_fd;

	close_fd(&spawned->stdin_fd);
	if (is_terminal)
		spawned->stdout_fd = -1;
	close_fd(&spawned->stdout_fd);
	close_fd(&spawned->stderr_fd);
	close_fd(&spawned->status_fd);
	close_fd(&spawned->terminal_fd);
	close_fd(&files->input);
	close_fd(&files->output);
	close_fd(&files->error);
	close_fd(&files->status);
}

/* A pipe whose end `own` is the agent's and never blocks it; the child's end is as any other. */
static int open_pipe(int *own_fd, int *child_fd, int own)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	*own_fd = ends[own];
	*child_fd = ends[1 - own];
	return fcntl(*own_fd, F_SETFL, O_NONBLOCK);
}

static int open_pipes(struct spawned *spawned, struct child_files *files)
{
	return open_pipe(&spawned->stdin_fd, &files->input, WRITE_END) != 0 ||
			       open_pipe(&spawned->stdout_fd, &files->output, READ_END) != 0 ||
			       open_pipe(&spawned->stderr_fd, &files->error, READ_END) != 0
		       ? -1
		       : 0;
}

static int open_terminal(const struct exec_message *request, struct spawned *spawned)
{
	const struct winsize size = {.ws_row = request->rows, .ws_col = request->columns};
	const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	if (master < 0)
		return -1;
	spawned->stdin_fd = spawned->stdout_fd = master;
	if (unlockpt(master) != 0 || ioctl(master, TIOCSWINSZ, &size) != 0)
		return -1;
	/* The peer is asked for by descriptor: no path of the image is in the way. */
	spawned->terminal_fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return spawned->terminal_fd < 0 ? -1 : 0;
}

int spawn(const struct exec_message *request, int (*work)(void), struct spawned *spawned)
{
	struct child_files files = {.input = -1, .output = -1, .error = -1, .status = -1};

	*spawned = (struct spawned){.status_fd = -1,
				    .stdin_fd = -1,
				    .stdout_fd = -1,
				    .stderr_fd = -1,
				    .terminal_fd = -1};
	if (open_pipe(&spawned->status_fd, &files.status, READ_END) != 0 ||
	    (request->tty ? open_terminal(request, spawned) : open_pipes(spawned, &files)) != 0)
		goto failed;
	files.terminal = spawned->terminal_fd;
	spawned->pid = fork();
	if (spawned->pid == 0 && work != NULL)
		child_work(work, &files);
	if (spawned->pid == 0)
		child_run(request, &files);
	if (spawned->pid < 0)
		goto failed;
	close_fd(&files.input);
	close_fd(&files.output);
	close_fd(&files.error);
	close_fd(&files.status);
	return 0;

failed:;
	const int error = errno;
	close_all(spawned, &files);
	errno = error;
	return -1;
}
