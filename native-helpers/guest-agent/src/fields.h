/*
 * The fields of control payloads: tag u16, length u32, bytes (PROTOCOL.md, "Fields"). Pure.
 */
#ifndef SKERRY_FIELDS_H
#define SKERRY_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIELD_HEADER_SIZE = 6 };

struct field {
	uint16_t tag;
	uint32_t length;
	const uint8_t *bytes;
};

struct fields_reader {
	const uint8_t *bytes;
	size_t length;
	size_t offset;
};

enum fields_result { FIELDS_END, FIELDS_ONE, FIELDS_MALFORMED };

enum fields_result fields_next(struct fields_reader *reader, struct field *field);

/* Integers have exactly their size; anything else is refused. */
bool field_read_u32(const struct field *field, uint32_t *value);
bool field_read_u64(const struct field *field, uint64_t *value);
/* Copies a text without NUL bytes that fits with its end mark. */
bool field_read_text(const struct field *field, char *to, size_t capacity);

/* Appends to a buffer; what does not fit sets `overflow` and writes nothing. */
struct fields_writer {
	uint8_t *bytes;
	size_t capacity;
	size_t length;
	bool overflow;
};

void fields_put_u32(struct fields_writer *writer, uint16_t tag, uint32_t value);
void fields_put_u64(struct fields_writer *writer, uint16_t tag, uint64_t value);
void fields_put_bytes(struct fields_writer *writer, uint16_t tag, const void *bytes, size_t length);
void fields_put_text(struct fields_writer *writer, uint16_t tag, const char *text);

#endif
