#include "messages.h"

#include <stdlib.h>
#include <string.h>

#include "message-fields.h"

static bool read_size(const struct field *field, uint16_t *value)
{
	uint32_t wide;

	if (!field_read_u32(field, &wide) || wide < 1 || wide > 1000)
		return false;
	*value = (uint16_t)wide;
	return true;
}

bool hello_parse(const uint8_t *payload, size_t length, struct hello_message *message)
{
	bool has_nonce = false;

	*message = (struct hello_message){0};
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (field.tag == TAG_MIN_VERSION)
			ok = field_read_u32(&field, &message->min_version);
		else if (field.tag == TAG_MAX_VERSION)
			ok = field_read_u32(&field, &message->max_version);
		else if (field.tag == TAG_NONCE && (ok = field.length == NONCE_SIZE)) {
			memcpy(message->nonce, field.bytes, NONCE_SIZE);
			has_nonce = true;
		}
	}
	return ok && has_nonce && message->min_version >= 1 &&
	       message->min_version <= message->max_version;
}

bool clock_field(const struct field *field, struct clock_message *message)
{
	if (field->tag == TAG_NOW_MS)
		return field_read_u64(field, &message->now_ms);
	if (field->tag != TAG_ENTROPY)
		return true;
	if (field->length < ENTROPY_MIN || field->length > ENTROPY_MAX)
		return false;
	memcpy(message->entropy, field->bytes, field->length);
	message->entropy_length = field->length;
	return true;
}

bool clock_is_whole(const struct clock_message *message)
{
	return message->now_ms > 0 && message->entropy_length > 0;
}

bool clock_parse(const uint8_t *payload, size_t length, struct clock_message *message)
{
	*message = (struct clock_message){0};
	FOR_EACH_FIELD(payload, length, field, ok)
		ok = clock_field(&field, message);
	return ok && clock_is_whole(message);
}

bool identity_parse(const uint8_t *payload, size_t length, char hostname[HOSTNAME_MAX + 1])
{
	hostname[0] = '\0';
	FOR_EACH_FIELD(payload, length, field, ok)
		if (field.tag == TAG_HOSTNAME)
			ok = field_read_text(&field, hostname, HOSTNAME_MAX + 1);
	return ok && hostname[0] != '\0';
}

/* Bytes and pointers that the strings of an exec request need. */
struct exec_size {
	size_t text;
	size_t arguments;
	size_t variables;
};

static bool exec_measure(const uint8_t *payload, size_t length, struct exec_size *size)
{
	*size = (struct exec_size){0};
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (field.tag == TAG_ARGUMENT)
			size->arguments++;
		else if (field.tag == TAG_VARIABLE)
			size->variables++;
		else if (field.tag != TAG_WORKDIR && field.tag != TAG_USER)
			continue;
		size->text += (size_t)field.length + 1;
	}
	return ok && size->arguments >= 1 && size->arguments <= STRINGS_MAX &&
	       size->variables <= STRINGS_MAX;
}

bool exec_parse(const uint8_t *payload, size_t length, struct exec_message *message)
{
	struct exec_size size;

	*message = (struct exec_message){.workdir = "/"};
	if (length > REQUEST_MAX_BYTES || !exec_measure(payload, length, &size))
		return false;

	char **pointers = malloc((size.arguments + size.variables + 2) * sizeof(char *) + size.text);
	if (pointers == NULL)
		return false;

	char **argument = pointers;
	char **variable = pointers + size.arguments + 1;
	char *text = (char *)(variable + size.variables + 1);

	message->memory = pointers;
	message->argv = argument;
	message->envp = variable;
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (field.tag == TAG_ROWS)
			ok = message->tty = read_size(&field, &message->rows);
		else if (field.tag == TAG_COLUMNS)
			ok = read_size(&field, &message->columns);
		if (field.tag == TAG_ARGUMENT)
			*argument++ = text;
		else if (field.tag == TAG_VARIABLE)
			*variable++ = text;
		else if (field.tag == TAG_WORKDIR)
			message->workdir = text;
		else if (field.tag == TAG_USER)
			message->user = text;
		else
			continue;
		ok = field_read_text(&field, text, (size_t)field.length + 1);
		text += (size_t)field.length + 1;
	}
	*argument = NULL;
	*variable = NULL;
	if (!ok || (message->columns == 0) == message->tty) {
		exec_message_free(message);
		return false;
	}
	return true;
}

void exec_message_free(struct exec_message *message)
{
	free(message->memory);
	*message = (struct exec_message){0};
}

bool resize_parse(const uint8_t *payload, size_t length, struct resize_message *message)
{
	*message = (struct resize_message){0};
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (field.tag == TAG_ROWS)
			ok = read_size(&field, &message->rows);
		else if (field.tag == TAG_COLUMNS)
			ok = read_size(&field, &message->columns);
	}
	return ok && message->rows > 0 && message->columns > 0;
}

bool signal_parse(const uint8_t *payload, size_t length, int *signal)
{
	uint32_t value = 0;

	FOR_EACH_FIELD(payload, length, field, ok)
		if (field.tag == TAG_SIGNAL)
			ok = field_read_u32(&field, &value);
	*signal = (int)(value <= 64 ? value : 0);
	return ok && *signal > 0;
}

bool processes_parse(const uint8_t *payload, size_t length, uint32_t *after_pid)
{
	*after_pid = 0;
	FOR_EACH_FIELD(payload, length, field, ok)
		if (field.tag == TAG_PID)
			ok = field_read_u32(&field, after_pid);
	return ok;
}

bool acknowledge_parse(const uint8_t *payload, size_t length, struct acknowledge_message *message)
{
	*message = (struct acknowledge_message){0};
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (field.tag == TAG_STDOUT_BYTES)
			ok = field_read_u32(&field, &message->stdout_bytes);
		else if (field.tag == TAG_STDERR_BYTES)
			ok = field_read_u32(&field, &message->stderr_bytes);
	}
	return ok;
}

void hello_reply_write(struct fields_writer *writer, const struct hello_reply_message *message)
{
	/* The nonce comes first: the host finds its reply in a stream by header and nonce. */
	fields_put_bytes(writer, TAG_NONCE, message->nonce, NONCE_SIZE);
	fields_put_u32(writer, TAG_VERSION, message->version);
	fields_put_bytes(writer, TAG_BOOT_ID, message->boot_id, BOOT_ID_SIZE);
	fields_put_u32(writer, TAG_IS_SET_UP, message->is_set_up);
	fields_put_u64(writer, TAG_BOOT_MS, message->boot_ms);
	fields_put_u64(writer, TAG_UPTIME_MS, message->uptime_ms);
}

void answer_write(struct fields_writer *writer, const struct answer_message *message)
{
	fields_put_u32(writer, TAG_REQUEST, message->request);
	if (message->step == NULL)
		return;
	fields_put_text(writer, TAG_STEP, message->step);
	fields_put_u32(writer, TAG_ERRNO, (uint32_t)message->error);
	fields_put_text(writer, TAG_MESSAGE, strerror(message->error));
	if (message->patch > 0)
		fields_put_u32(writer, TAG_PATCH_INDEX, message->patch - 1);
}

void start_failed_write(struct fields_writer *writer, enum start_failure kind, int error)
{
	fields_put_u32(writer, TAG_KIND, kind);
	fields_put_u32(writer, TAG_ERRNO, (uint32_t)error);
	fields_put_text(writer, TAG_MESSAGE, strerror(error));
}

void exit_write(struct fields_writer *writer, const struct exit_message *message)
{
	fields_put_u32(writer, message->signalled ? TAG_EXIT_SIGNAL : TAG_EXIT_CODE, message->value);
}

void size_write(struct fields_writer *writer, uint16_t rows, uint16_t columns)
{
	fields_put_u32(writer, TAG_ROWS, rows);
	fields_put_u32(writer, TAG_COLUMNS, columns);
}

void foreground_write(struct fields_writer *writer, const char *name)
{
	if (name != NULL)
		fields_put_text(writer, TAG_COMMAND, name);
}
