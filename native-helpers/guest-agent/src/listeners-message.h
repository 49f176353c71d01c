/*
 * What listens in the guest: a line of the kernel's tables of sockets, and LISTENERS_REPLY
 * (PROTOCOL.md, "LISTENERS"). Pure.
 */
#ifndef SKERRY_LISTENERS_MESSAGE_H
#define SKERRY_LISTENERS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields.h"

enum {
	LISTENERS_MAX = 128,
	LISTENER_ADDRESS_MAX = 16,
	/* As the kernel has it (TASK_COMM_LEN), with the end mark. */
	COMMAND_SIZE = 16,
	LISTENER_MAX = 4 * FIELD_HEADER_SIZE + 4 + LISTENER_ADDRESS_MAX + 4 + COMMAND_SIZE,
	LISTENERS_REPLY_MAX = LISTENERS_MAX * (FIELD_HEADER_SIZE + LISTENER_MAX),
};

enum protocol { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

struct listener {
	enum protocol protocol;
	uint8_t address[LISTENER_ADDRESS_MAX];
	/* 4 or 16 */
	size_t address_length;
	uint16_t port;
	uint64_t inode;
	/* Empty where it is not known. */
	char command[COMMAND_SIZE];
};

/* Reads a line of /proc/net/tcp and the like; false where it is not of a socket that listens. */
bool listener_parse(const char *line, enum protocol protocol, struct listener *listener);
/* What `socket:[4711]` names, or 0 where it is something else. */
uint64_t socket_inode(const char *link);
void listeners_write(struct fields_writer *writer, const struct listener *listeners, size_t count);

#endif
