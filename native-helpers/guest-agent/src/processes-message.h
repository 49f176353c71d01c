/*
 * A process of the guest: /proc/PID/stat, and PROCESSES_REPLY (PROTOCOL.md, "PROCESSES"). Pure.
 */
#ifndef SKERRY_PROCESSES_MESSAGE_H
#define SKERRY_PROCESSES_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "fields.h"

enum {
	/* TASK_COMM_LEN of a kernel thread's long name, with the end mark. */
	PROCESS_COMMAND_SIZE = 64,
	/* Of one field, its own header included: four u32, two u64, and the command. */
	PROCESS_MAX = FIELD_HEADER_SIZE * 8 + 4 * 4 + 2 * 8 + PROCESS_COMMAND_SIZE,
	PROCESSES_REPLY_MAX = 16 * 1024,
};

struct process {
	uint32_t pid;
	uint32_t parent;
	uint32_t user;
	/* As the kernel writes it: `R`, `S`, `D`, … */
	char state;
	uint64_t resident_bytes;
	uint64_t cpu_ms;
	char command[PROCESS_COMMAND_SIZE];
	bool is_kernel_thread;
};

/* Reads a whole /proc/PID/stat, which ends with NUL; false where it is none. */
bool process_parse(const char *stat, uint64_t page_bytes, uint64_t ticks_per_second,
		   struct process *process);
void process_write(struct fields_writer *writer, const struct process *process);

#endif
