/*
 * What a guest mounts besides its root (PROTOCOL.md, "Volumes").
 */
#ifndef SKERRY_VOLUMES_H
#define SKERRY_VOLUMES_H

#include "messages.h"

/* Mounts all of them in their order, or says in `answer` which one could not be. */
int volumes_mount(const struct setup_message *setup, struct answer_message *answer);

#endif
