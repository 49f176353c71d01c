/*
 * What happens between fork and exec. Nothing here returns to the agent.
 */
#ifndef SKERRY_CHILD_H
#define SKERRY_CHILD_H

#include "messages.h"

/* The child's descriptors; with a terminal the first three are -1. */
struct child_files {
	int input;
	int output;
	int error;
	int terminal;
	int status;
};

_Noreturn void child_run(const struct exec_message *request, const struct child_files *files);
/* Does work of the agent's own instead of a command; ends with the exit code it returns. */
_Noreturn void child_work(int (*work)(void), const struct child_files *files);

#endif
