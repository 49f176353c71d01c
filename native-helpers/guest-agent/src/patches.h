/*
 * Changes to the root that are made once (PROTOCOL.md, "Patches").
 */
#ifndef SKERRY_PATCHES_H
#define SKERRY_PATCHES_H

#include "messages.h"

/* Applies all of them in their order, or says in `answer` which one could not be. */
int patches_apply(const struct setup_message *setup, int seed_fd, struct answer_message *answer);

#endif
