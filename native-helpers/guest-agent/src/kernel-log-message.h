/*
 * A record of the kernel's log as /dev/kmsg gives it, and KERNEL_LOG_REPLY (PROTOCOL.md,
 * "KERNEL_LOG"). Pure.
 */
#ifndef SKERRY_KERNEL_LOG_MESSAGE_H
#define SKERRY_KERNEL_LOG_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields.h"

enum {
	/* PRINTKRB_RECORD_MAX of the kernel is 1024. */
	KERNEL_TEXT_MAX = 1024,
	KERNEL_RECORD_MAX = FIELD_HEADER_SIZE * 3 + 8 + KERNEL_TEXT_MAX,
	KERNEL_LOG_REPLY_MAX = 16 * 1024,
};

struct kernel_record {
	/* 0 is an emergency, 7 for who looks for a fault. */
	int level;
	/* Since the kernel began. */
	uint64_t microseconds;
	const char *text;
	size_t length;
};

/* Reads `6,339,5140900,-;text`, up to its first line break; false where it is no record. */
bool kernel_record_parse(const char *bytes, size_t length, struct kernel_record *record);
void kernel_record_write(struct fields_writer *writer, const struct kernel_record *record);

#endif
