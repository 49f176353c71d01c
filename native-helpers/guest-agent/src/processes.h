/*
 * Finds the processes of the guest, but for the threads of its kernel.
 */
#ifndef SKERRY_PROCESSES_H
#define SKERRY_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "processes-message.h"

/* As many as there are, or as many as were looked at. */
uint32_t processes_count(void);
/*
 * Writes those with a higher pid than this one, in that order, until the answer is full, and
 * whether there are more.
 */
void processes_put(struct fields_writer *writer, uint32_t after_pid);

#endif
