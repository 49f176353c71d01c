/*
 * The event loop, the same in a guest and in tests.
 */
#ifndef SKERRY_AGENT_H
#define SKERRY_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "connection.h"

struct agent {
	struct requests requests;
	/* A signal asked for an orderly end. */
	void (*asked_to_end)(void);
	/* After each event; returns milliseconds until it wants to be called again, -1 for never. */
	int (*tick)(bool has_children);
};

/* Blocks the signals that are read in the loop; before any child is made. 0, or -1 with errno. */
int agent_init(const struct agent *agent);
/* Runs until something fails that cannot fail; returns with errno. */
void agent_run(void);
/*
 * After a fork, in the child that goes on as the agent: what it waits for is its own. 0, or -1 with
 * errno.
 */
int agent_fork(void);

#endif
