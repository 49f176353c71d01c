/*
 * A root that is a disk with a filesystem or partitions of its own (PROTOCOL.md, "Disks").
 */
#ifndef SKERRY_ROOT_DISK_H
#define SKERRY_ROOT_DISK_H

#include "messages.h"

/* Finds the filesystem and mounts it, or says in `answer` what was seen. 0, or -1 with errno. */
int root_disk_mount(const struct setup_message *setup, const char *target,
		    struct answer_message *answer);

#endif
