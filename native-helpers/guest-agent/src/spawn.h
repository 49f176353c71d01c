/*
 * Starts commands: pipes or a terminal, the child's side of things, and why it failed.
 */
#ifndef SKERRY_SPAWN_H
#define SKERRY_SPAWN_H

#include <sys/types.h>

#include "messages.h"

/* What a child that could not start its command writes into `status_fd`, whole. */
struct spawn_failure {
	int kind;
	int error;
};

struct spawned {
	pid_t pid;
	/* Ends without a byte when the command runs; holds a spawn_failure when it does not. */
	int status_fd;
	/* With a terminal, stdin and stdout are one descriptor and stderr is -1. */
	int stdin_fd;
	int stdout_fd;
	int stderr_fd;
	/* The terminal's other side, to be kept open until the command runs; -1 without. */
	int terminal_fd;
};

/*
 * Starts the command, or where there is `work`, a child that does it. Returns 0, or -1 with errno
 * where not even a child could be made.
 */
int spawn(const struct exec_message *request, int (*work)(void), struct spawned *spawned);

#endif
