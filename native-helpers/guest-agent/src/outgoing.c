#include "outgoing.h"

#include <string.h>

#include "frame.h"

size_t outgoing_room(const struct outgoing *outgoing)
{
	const size_t left = sizeof(outgoing->bytes) - outgoing->length;

	return left > FRAME_OVERHEAD ? left - FRAME_OVERHEAD : 0;
}

bool outgoing_takes_control(const struct outgoing *outgoing)
{
	return outgoing_room(outgoing) >= CONTROL_MAX;
}

struct fields_writer outgoing_begin(struct outgoing *outgoing)
{
	return (struct fields_writer){
		.bytes = outgoing->bytes + outgoing->length + FRAME_HEADER_SIZE,
		.capacity = outgoing_room(outgoing),
	};
}

void outgoing_end(struct outgoing *outgoing, const struct fields_writer *writer, uint8_t type,
		  uint32_t stream)
{
	outgoing->length += frame_wrap(outgoing->bytes + outgoing->length, type, 0, stream,
				       (uint32_t)writer->length);
}

void outgoing_put(struct outgoing *outgoing, uint8_t type, uint32_t stream, const uint8_t *payload,
		  size_t length)
{
	uint8_t *at = outgoing->bytes + outgoing->length;

	if (length > 0)
		memcpy(at + FRAME_HEADER_SIZE, payload, length);
	outgoing->length += frame_wrap(at, type, 0, stream, (uint32_t)length);
}
