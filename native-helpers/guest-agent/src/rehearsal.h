/*
 * A machine that stands ready goes through its start once beforehand (PROTOCOL.md, "Rehearsal"): a
 * fork of the agent does it, in namespaces of its own, and ends.
 */
#ifndef SKERRY_REHEARSAL_H
#define SKERRY_REHEARSAL_H

#include <stdbool.h>

#include "messages.h"

/*
 * Returns twice, in the agent that rehearses and, when that one has ended and nothing of it is left,
 * in the one that goes on. What went wrong is in the answer.
 */
void rehearsal_run(struct answer_message *answer);
/* Whether this is the agent that rehearses. */
bool is_rehearsing(void);
/* Instead of tree_empty: makes a few files there and removes them, and closes the directory. */
void rehearsal_empty(int directory_fd);
/* Ends the agent that rehearses, and all that it has started. */
_Noreturn void rehearsal_end(void);

#endif
