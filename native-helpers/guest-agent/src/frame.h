/*
 * Frames of the agent channel (PROTOCOL.md, "Frames"). Pure: no system calls, no allocation.
 */
#ifndef SKERRY_FRAME_H
#define SKERRY_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FRAME_MAGIC = 0x5A,
	FRAME_END = 0xA5,
	FRAME_HEADER_SIZE = 12,
	FRAME_MAX_PAYLOAD = 64 * 1024,
	FRAME_OVERHEAD = FRAME_HEADER_SIZE + 1,
	/* A parser that has lost its place trusts a frame only behind this many zero bytes. */
	FRAME_RESUME_ZEROS = 16,
	/* Flag: the message goes on in the next frame. */
	FRAME_MORE = 1,
};

struct frame {
	uint8_t type;
	uint16_t flags;
	uint32_t stream;
	uint32_t length;
	const uint8_t *payload;
};

enum frame_result {
	/* The input was used up in the middle of a frame or between two. */
	FRAME_NONE,
	FRAME_READY,
	/* The bytes are not frames; the parser waits for zeros and then for `resume_type`. */
	FRAME_BROKEN,
};

struct frame_parser {
	uint8_t resume_type;
	bool lost;
	size_t zeros;
	size_t have;
	uint8_t bytes[FRAME_OVERHEAD + FRAME_MAX_PAYLOAD];
};

/* A new parser is lost: what comes first may be the rest of someone else's frame. */
void frame_parser_reset(struct frame_parser *parser, uint8_t resume_type);

/*
 * Takes bytes up to the end of one frame and says how many. With FRAME_READY `frame` points into
 * the parser until the next call.
 */
size_t frame_parser_feed(struct frame_parser *parser, const uint8_t *bytes, size_t length,
			 struct frame *frame, enum frame_result *result);

/*
 * Writes the header at `at` and the end mark behind `length` bytes of payload, which the caller has
 * put or will put at `at + FRAME_HEADER_SIZE`; returns the size of the whole.
 */
size_t frame_wrap(uint8_t *at, uint8_t type, uint16_t flags, uint32_t stream, uint32_t length);

#endif
