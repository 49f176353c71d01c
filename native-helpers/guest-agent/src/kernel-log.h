/*
 * What the kernel has logged and its console did not show.
 */
#ifndef SKERRY_KERNEL_LOG_H
#define SKERRY_KERNEL_LOG_H

#include "kernel-log-message.h"

/*
 * Writes the records since the last time, until the answer is full, and whether there are more.
 * The place is this process's own: a host that comes back goes on where the one before it was.
 */
void kernel_log_put(struct fields_writer *writer);

#endif
