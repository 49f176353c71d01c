#include "frame.h"

#include <string.h>

#include "little-endian.h"

void frame_parser_reset(struct frame_parser *parser, uint8_t resume_type)
{
	parser->resume_type = resume_type;
	parser->lost = true;
	parser->zeros = 0;
	parser->have = 0;
}

static bool header_is_valid(const uint8_t *header)
{
	return header[0] == FRAME_MAGIC && (read_u16(header + 2) & ~FRAME_MORE) == 0 &&
	       read_u32(header + 8) <= FRAME_MAX_PAYLOAD;
}

/* Whether this byte may begin a frame; between frames any number of zeros may stand. */
static bool begins_frame(struct frame_parser *parser, uint8_t byte)
{
	const bool is_start =
		byte == FRAME_MAGIC && (!parser->lost || parser->zeros >= FRAME_RESUME_ZEROS);

	parser->zeros = byte == 0 ? parser->zeros + 1 : 0;
	return is_start;
}

/* How many bytes the parser wants before it can judge what it has. */
static size_t wanted(const struct frame_parser *parser)
{
	if (parser->have < FRAME_HEADER_SIZE)
		return FRAME_HEADER_SIZE;
	return (size_t)read_u32(parser->bytes + 8) + FRAME_OVERHEAD;
}

/* Gives the frame up; a parser that was lost before has nothing new to report. */
static enum frame_result lose(struct frame_parser *parser)
{
	const bool was_lost = parser->lost;

	frame_parser_reset(parser, parser->resume_type);
	return was_lost ? FRAME_NONE : FRAME_BROKEN;
}

static enum frame_result finish(struct frame_parser *parser, struct frame *frame)
{
	const uint8_t *header = parser->bytes;
	const uint32_t length = read_u32(header + 8);

	if (header[FRAME_HEADER_SIZE + length] != FRAME_END)
		return lose(parser);
	if (parser->lost && header[1] != parser->resume_type)
		return lose(parser);
	frame->type = header[1];
	frame->flags = read_u16(header + 2);
	frame->stream = read_u32(header + 4);
	frame->length = length;
	frame->payload = header + FRAME_HEADER_SIZE;
	parser->lost = false;
	parser->zeros = 0;
	parser->have = 0;
	return FRAME_READY;
}

size_t frame_parser_feed(struct frame_parser *parser, const uint8_t *bytes, size_t length,
			 struct frame *frame, enum frame_result *result)
{
	size_t used = 0;

	*result = FRAME_NONE;
	while (used < length && *result == FRAME_NONE) {
		if (parser->have == 0) {
			const uint8_t byte = bytes[used++];

			if (begins_frame(parser, byte))
				parser->bytes[parser->have++] = byte;
			else if (byte != 0 && !parser->lost)
				*result = lose(parser);
			continue;
		}

		const size_t missing = wanted(parser) - parser->have;
		const size_t count = missing < length - used ? missing : length - used;

		memcpy(parser->bytes + parser->have, bytes + used, count);
		parser->have += count;
		used += count;
		if (count < missing)
			break;
		if (parser->have == FRAME_HEADER_SIZE) {
			if (!header_is_valid(parser->bytes))
				*result = lose(parser);
		} else {
			*result = finish(parser, frame);
		}
	}
	return used;
}

size_t frame_wrap(uint8_t *at, uint8_t type, uint16_t flags, uint32_t stream, uint32_t length)
{
	at[0] = FRAME_MAGIC;
	at[1] = type;
	write_u16(at + 2, flags);
	write_u32(at + 4, stream);
	write_u32(at + 8, length);
	at[FRAME_HEADER_SIZE + length] = FRAME_END;
	return (size_t)length + FRAME_OVERHEAD;
}
