#include "fields.h"

#include <string.h>

#include "little-endian.h"

enum fields_result fields_next(struct fields_reader *reader, struct field *field)
{
	const size_t left = reader->length - reader->offset;
	const uint8_t *at = reader->bytes + reader->offset;

	if (left == 0)
		return FIELDS_END;
	if (left < FIELD_HEADER_SIZE || read_u32(at + 2) > left - FIELD_HEADER_SIZE)
		return FIELDS_MALFORMED;
	field->tag = read_u16(at);
	field->length = read_u32(at + 2);
	field->bytes = at + FIELD_HEADER_SIZE;
	reader->offset += FIELD_HEADER_SIZE + (size_t)field->length;
	return FIELDS_ONE;
}

bool field_read_u32(const struct field *field, uint32_t *value)
{
	if (field->length != 4)
		return false;
	*value = read_u32(field->bytes);
	return true;
}

bool field_read_u64(const struct field *field, uint64_t *value)
{
	if (field->length != 8)
		return false;
	*value = read_u64(field->bytes);
	return true;
}

bool field_read_text(const struct field *field, char *to, size_t capacity)
{
	if (field->length >= capacity || memchr(field->bytes, 0, field->length) != NULL)
		return false;
	memcpy(to, field->bytes, field->length);
	to[field->length] = '\0';
	return true;
}

void fields_put_bytes(struct fields_writer *writer, uint16_t tag, const void *bytes, size_t length)
{
	const size_t room = writer->capacity - writer->length;
	uint8_t *at = writer->bytes + writer->length;

	if (room < FIELD_HEADER_SIZE || length > room - FIELD_HEADER_SIZE) {
		writer->overflow = true;
		return;
	}
	write_u16(at, tag);
	write_u32(at + 2, (uint32_t)length);
	memcpy(at + FIELD_HEADER_SIZE, bytes, length);
	writer->length += FIELD_HEADER_SIZE + length;
}

void fields_put_u32(struct fields_writer *writer, uint16_t tag, uint32_t value)
{
	uint8_t bytes[4];

	write_u32(bytes, value);
	fields_put_bytes(writer, tag, bytes, sizeof(bytes));
}

void fields_put_u64(struct fields_writer *writer, uint16_t tag, uint64_t value)
{
	uint8_t bytes[8];

	write_u64(bytes, value);
	fields_put_bytes(writer, tag, bytes, sizeof(bytes));
}

void fields_put_text(struct fields_writer *writer, uint16_t tag, const char *text)
{
	fields_put_bytes(writer, tag, text, strlen(text));
}
