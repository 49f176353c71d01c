/*
 * Assembles the guest's root from its disks and moves to it (PROTOCOL.md, "SETUP").
 */
#ifndef SKERRY_ROOT_H
#define SKERRY_ROOT_H

#include "files-message.h"
#include "messages.h"

/* Does it all, or says in `answer` at which step it ended. */
void root_set_up(const struct setup_message *message, struct answer_message *answer);
/*
 * Writes what the writable disk has above the image (changes.h). Runs in a child, and returns its
 * exit code.
 */
int root_write_changes(void);
/* Does what is asked with files, in a child; returns an exit code. */
int root_work_on_files(const struct files_message *message);
/* Goes on under another name, and with another machine id where the root has one. */
void root_take_identity(const char *hostname, struct answer_message *answer);
/* The writable disk stands still from now on, or goes on (freeze.h). */
void root_freeze(struct answer_message *answer);
void root_thaw(struct answer_message *answer);
/* Leaves the disks as if they had been unmounted. */
void root_finish(void);

#endif
