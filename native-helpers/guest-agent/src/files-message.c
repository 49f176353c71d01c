#include "files-message.h"

#include <stdlib.h>
#include <string.h>

#include "message-fields.h"

static bool is_text(uint16_t tag)
{
	return tag == TAG_PATH || tag == TAG_TARGET || tag == TAG_OWNER || tag == TAG_USER ||
	       tag == TAG_FILE_VERSION;
}

static bool measure(const uint8_t *payload, size_t length, size_t *text, size_t *paths)
{
	*text = *paths = 0;
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (!is_text(field.tag))
			continue;
		*text += (size_t)field.length + 1;
		*paths += field.tag == TAG_PATH;
	}
	return ok && *paths >= 1 && *paths <= FILE_PATHS_MAX;
}

static uint32_t *number_of(uint16_t tag, struct files_message *message)
{
	switch (tag) {
	case TAG_FILE_ACTION:
		return &message->action;
	case TAG_MODE:
		return &message->mode;
	case TAG_RECURSIVE:
		return &message->recursive;
	case TAG_REPLACE:
		return &message->replace;
	case TAG_KEEP_OWNERS:
		return &message->keep_owners;
	case TAG_CONTENTS:
		return &message->contents;
	case TAG_FOLLOW:
		return &message->follow;
	default:
		return NULL;
	}
}

static const char **text_of(uint16_t tag, struct files_message *message)
{
	switch (tag) {
	case TAG_PATH:
		return &message->paths[message->path_count++];
	case TAG_TARGET:
		return &message->target;
	case TAG_OWNER:
		return &message->owner;
	case TAG_USER:
		return &message->user;
	default:
		return &message->version;
	}
}

static bool is_whole(const struct files_message *message)
{
	for (size_t i = 0; i < message->path_count; i++)
		if (message->paths[i][0] != '/')
			return false;
	if (message->path_count > 1 && message->action != FILES_TAR &&
	    message->action != FILES_MEASURE)
		return false;
	if (message->action == FILES_RENAME)
		return message->target != NULL && message->target[0] == '/';
	if (message->action == FILES_SET_OWNER)
		return message->owner != NULL;
	return message->action >= FILES_LIST && message->action <= FILES_MEASURE &&
	       message->mode <= 07777;
}

bool files_parse(const uint8_t *payload, size_t length, struct files_message *message)
{
	size_t text_size, path_count;
	char *text;

	*message = (struct files_message){0};
	if (length > REQUEST_MAX_BYTES || !measure(payload, length, &text_size, &path_count))
		return false;
	message->memory = malloc(path_count * sizeof(char *) + text_size);
	if (message->memory == NULL)
		return false;
	message->paths = message->memory;
	text = (char *)(message->paths + path_count);
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		uint32_t *number = number_of(field.tag, message);

		if (number != NULL)
			ok = field_read_u32(&field, number);
		else if (field.tag == TAG_FILE_SIZE)
			ok = field_read_u64(&field, &message->size);
		if (!is_text(field.tag))
			continue;
		*text_of(field.tag, message) = text;
		ok = field_read_text(&field, text, (size_t)field.length + 1);
		text += (size_t)field.length + 1;
	}
	if (ok && is_whole(message))
		return true;
	files_message_free(message);
	return false;
}

void files_message_free(struct files_message *message)
{
	free(message->memory);
	*message = (struct files_message){0};
}
