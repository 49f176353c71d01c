/*
 * What the readers of messages share.
 */
#ifndef SKERRY_MESSAGE_FIELDS_H
#define SKERRY_MESSAGE_FIELDS_H

#include "messages.h"

/* Goes through the fields of a payload; the body sets `ok` to false to refuse one. */
#define FOR_EACH_FIELD(payload, size, field, ok)                                                   \
	struct fields_reader reader_ = {.bytes = payload, .length = size};                         \
	enum fields_result result_;                                                                \
	struct field field;                                                                        \
	bool ok = true;                                                                            \
	while (ok && (result_ = fields_next(&reader_, &field)) != FIELDS_END)                      \
		if (result_ == FIELDS_MALFORMED)                                                   \
			ok = false;                                                                \
		else

/* Reads a field of CLOCK, which SETUP has too; false only where it is one and is malformed. */
bool clock_field(const struct field *field, struct clock_message *message);
bool clock_is_whole(const struct clock_message *message);

#endif
