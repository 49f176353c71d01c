/*
 * Random bytes for what reads frames and messages; see codec-test.c.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "frame.h"
#include "files-message.h"
#include "messages.h"

/* Bytes that are almost frames, so that the parser gets far into each. */
static size_t almost_frames(uint8_t *bytes, size_t capacity)
{
	size_t length = 0;

	while (length + 600 < capacity) {
		const size_t size = random_number() % 500;

		for (size_t i = 0; i < size; i++)
			bytes[length + FRAME_HEADER_SIZE + i] = (uint8_t)(random_number() % 40);
		length += frame_wrap(bytes + length, (uint8_t)(random_number() % 0x21),
				     random_number() % 2, random_number() % 4, (uint32_t)size);
		if (random_number() % 4 == 0)
			bytes[random_number() % length] = (uint8_t)random_number();
		if (random_number() % 8 == 0) {
			const size_t count = random_number() % 64;

			memset(bytes + length, 0, count);
			length += count;
		}
	}
	return length;
}

static void parse_all_messages(const uint8_t *payload, size_t length)
{
	struct hello_message hello;
	struct setup_message setup;
	struct clock_message clock;
	struct exec_message exec;
	struct resize_message resize;
	struct acknowledge_message acknowledge;
	uint32_t after_pid;
	struct files_message files;
	int signal;

	hello_parse(payload, length, &hello);
	if (setup_parse(payload, length, &setup))
		setup_message_free(&setup);
	clock_parse(payload, length, &clock);
	if (exec_parse(payload, length, &exec))
		exec_message_free(&exec);
	if (files_parse(payload, length, &files))
		files_message_free(&files);
	resize_parse(payload, length, &resize);
	signal_parse(payload, length, &signal);
	acknowledge_parse(payload, length, &acknowledge);
	processes_parse(payload, length, &after_pid);
}

void fuzz_frames(unsigned rounds)
{
	static uint8_t bytes[8192];
	static struct frame_parser parser;
	size_t frames = 0;

	frame_parser_reset(&parser, HELLO);
	for (unsigned round = 0; round < rounds; round++) {
		const size_t length = almost_frames(bytes, sizeof(bytes));

		for (size_t at = 0; at < length;) {
			struct frame frame;
			enum frame_result result;
			const size_t left = length - at;
			const size_t most = 1 + random_number() % 700;
			/* On the heap, so that the sanitizer sees a read of one byte too many. */
			const size_t count = most < left ? most : left;
			uint8_t *copy = malloc(count);

			CHECK(copy != NULL, "memory");
			memcpy(copy, bytes + at, count);
			at += frame_parser_feed(&parser, copy, count, &frame, &result);
			free(copy);
			if (result != FRAME_READY)
				continue;
			frames++;
			parse_all_messages(frame.payload, frame.length);
		}
	}
	CHECK(frames > rounds, "only %zu frames came through", frames);
}

static size_t random_value(uint8_t *value)
{
	const size_t length = random_number() % 3 == 0 ? 4 : random_number() % 64;

	for (size_t i = 0; i < length; i++)
		value[i] = (uint8_t)(random_number() % 100);
	return length;
}

/* The fields of a volume or of a patch, often enough whole. */
static size_t random_list(uint8_t *bytes, size_t capacity)
{
	struct fields_writer writer = {.bytes = bytes, .capacity = capacity};

	fields_put_u32(&writer, TAG_KIND, random_number() % 8);
	fields_put_text(&writer, random_number() % 2 == 0 ? TAG_TARGET : TAG_PATH, "/a");
	while (!writer.overflow && random_number() % 8 != 0) {
		uint8_t value[64];
		const size_t length = random_value(value);

		fields_put_bytes(&writer, (uint16_t)(TAG_SHARE + random_number() % 20), value,
				 length);
	}
	return writer.length;
}

/* What makes a SETUP whole, so that its lists are read. */
static void begin_setup(struct fields_writer *writer)
{
	static const uint8_t entropy[ENTROPY_MIN] = {1};

	fields_put_text(writer, TAG_HOSTNAME, "a");
	fields_put_text(writer, TAG_LOWER_SERIAL, "b");
	fields_put_u32(writer, TAG_ROOT_KIND, ROOT_DISK);
	fields_put_u64(writer, TAG_NOW_MS, 1);
	fields_put_bytes(writer, TAG_ENTROPY, entropy, sizeof(entropy));
}

/* Field lists that are mostly well formed, at every length they can be cut to. */
void fuzz_messages(unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		uint8_t buffer[512];
		struct fields_writer writer = {.bytes = buffer, .capacity = sizeof(buffer)};

		if (random_number() % 2 == 0)
			begin_setup(&writer);
		while (!writer.overflow) {
			uint8_t value[96];
			const bool is_list = random_number() % 4 == 0;
			const size_t length = is_list ? random_list(value, sizeof(value))
						      : random_value(value);

			fields_put_bytes(&writer,
					 is_list ? TAG_VOLUME + random_number() % 2
						 : random_number() % 90,
					 value, length);
		}

		const size_t cut = random_number() % (writer.length + 1);
		uint8_t *copy = malloc(cut + 1);

		CHECK(copy != NULL, "memory");
		memcpy(copy, buffer, cut);
		parse_all_messages(copy, cut);
		free(copy);
	}
}
