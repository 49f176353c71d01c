/*
 * The frames that are on their way to the host: one buffer, filled only as the port takes it.
 */
#ifndef SKERRY_OUTGOING_H
#define SKERRY_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields.h"

/* The virtio console driver takes 32 KiB per write. */
enum { OUTGOING_SIZE = 32 * 1024, CONTROL_MAX = 6 * 1024 };

struct outgoing {
	uint8_t bytes[OUTGOING_SIZE];
	size_t length;
	size_t offset;
};

/* Payload bytes that a frame put now could have. */
size_t outgoing_room(const struct outgoing *outgoing);
/* Whether any control frame still fits. */
bool outgoing_takes_control(const struct outgoing *outgoing);
/* A writer for the payload of the frame that outgoing_end then puts. */
struct fields_writer outgoing_begin(struct outgoing *outgoing);
void outgoing_end(struct outgoing *outgoing, const struct fields_writer *writer, uint8_t type,
		  uint32_t stream);
void outgoing_put(struct outgoing *outgoing, uint8_t type, uint32_t stream, const uint8_t *payload,
		  size_t length);

#endif
