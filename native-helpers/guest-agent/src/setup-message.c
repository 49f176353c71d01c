/*
 * SETUP: the root, the network, the volumes and the patches of a guest (PROTOCOL.md, "SETUP").
 */
#include <stdlib.h>
#include <string.h>

#include "message-fields.h"

enum { MODE_MAX = 07777 };

/* Where the texts of volumes and patches go. A field's header leaves room for the end mark. */
struct arena {
	char *next;
	size_t left;
};

static bool keep_text(const struct field *field, struct arena *arena, const char **text)
{
	const size_t size = (size_t)field->length + 1;

	if (size > arena->left || !field_read_text(field, arena->next, size))
		return false;
	*text = arena->next;
	arena->next += size;
	arena->left -= size;
	return true;
}

/* A path of the guest: absolute, and not the root itself. */
static bool is_path(const char *text)
{
	return text != NULL && text[0] == '/' && text[1] != '\0';
}

static bool read_volume(const struct field *of, struct arena *arena, struct volume *volume)
{
	*volume = (struct volume){0};
	FOR_EACH_FIELD(of->bytes, of->length, field, ok)
	{
		if (field.tag == TAG_KIND)
			ok = field_read_u32(&field, &volume->kind);
		else if (field.tag == TAG_TARGET)
			ok = keep_text(&field, arena, &volume->target);
		else if (field.tag == TAG_SHARE)
			ok = field.length <= SHARE_NAME_MAX &&
			     keep_text(&field, arena, &volume->share);
		else if (field.tag == TAG_IS_FILE)
			ok = field_read_u32(&field, &volume->is_file);
		else if (field.tag == TAG_READ_ONLY)
			ok = field_read_u32(&field, &volume->read_only);
		else if (field.tag == TAG_SIZE_MIB)
			ok = field_read_u32(&field, &volume->size_mib);
	}
	if (!ok || !is_path(volume->target))
		return false;
	return volume->kind == VOLUME_SHARE ? volume->share != NULL
					    : volume->kind == VOLUME_TMPFS && volume->size_mib > 0;
}

static bool read_patch(const struct field *of, struct arena *arena, struct patch *patch)
{
	uint32_t mode;

	*patch = (struct patch){.mode = MODE_UNSET};
	FOR_EACH_FIELD(of->bytes, of->length, field, ok)
	{
		if (field.tag == TAG_KIND)
			ok = field_read_u32(&field, &patch->kind);
		else if (field.tag == TAG_PATH)
			ok = keep_text(&field, arena, &patch->path);
		else if (field.tag == TAG_SOURCE)
			ok = keep_text(&field, arena, &patch->source);
		else if (field.tag == TAG_TARGET)
			ok = keep_text(&field, arena, &patch->target);
		else if (field.tag == TAG_OWNER)
			ok = keep_text(&field, arena, &patch->owner);
		else if (field.tag == TAG_REPLACE)
			ok = field_read_u32(&field, &patch->replace);
		else if (field.tag == TAG_MODE &&
			 (ok = field_read_u32(&field, &mode) && mode <= MODE_MAX))
			patch->mode = (int32_t)mode;
	}
	if (!ok || !is_path(patch->path))
		return false;
	switch (patch->kind) {
	case PATCH_FILE:
	case PATCH_DIRECTORY:
	case PATCH_APPEND:
		return patch->source != NULL;
	case PATCH_SYMLINK:
		return patch->target != NULL;
	default:
		return patch->kind == PATCH_MKDIR || patch->kind == PATCH_REMOVE;
	}
}

static bool count_lists(const uint8_t *payload, size_t length, struct setup_message *message)
{
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		message->volume_count += field.tag == TAG_VOLUME;
		message->patch_count += field.tag == TAG_PATCH;
	}
	return ok && message->volume_count <= VOLUMES_MAX && message->patch_count <= PATCHES_MAX;
}

static bool read_lists(const uint8_t *payload, size_t length, struct setup_message *message)
{
	size_t volume = 0, patch = 0;

	if (!count_lists(payload, length, message))
		return false;

	const size_t volumes_size = message->volume_count * sizeof(struct volume);
	const size_t patches_size = message->patch_count * sizeof(struct patch);

	message->memory = malloc(volumes_size + patches_size + length + 1);
	if (message->memory == NULL)
		return false;
	message->volumes = message->memory;
	message->patches = (struct patch *)((char *)message->memory + volumes_size);

	struct arena arena = {.next = (char *)message->patches + patches_size, .left = length};
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (field.tag == TAG_VOLUME)
			ok = read_volume(&field, &arena, &message->volumes[volume++]);
		else if (field.tag == TAG_PATCH)
			ok = read_patch(&field, &arena, &message->patches[patch++]);
	}
	return ok;
}

static bool read_fields(const uint8_t *payload, size_t length, struct setup_message *message)
{
	FOR_EACH_FIELD(payload, length, field, ok)
	{
		if (field.tag == TAG_HOSTNAME)
			ok = field_read_text(&field, message->hostname, sizeof(message->hostname));
		else if (field.tag == TAG_LOWER_SERIAL)
			ok = field_read_text(&field, message->lower_serial,
					     sizeof(message->lower_serial));
		else if (field.tag == TAG_UPPER_SERIAL)
			ok = field_read_text(&field, message->upper_serial,
					     sizeof(message->upper_serial));
		else if (field.tag == TAG_SEED_SERIAL)
			ok = field_read_text(&field, message->seed_serial,
					     sizeof(message->seed_serial));
		else if (field.tag == TAG_SHARE)
			ok = field_read_text(&field, message->root_share,
					     sizeof(message->root_share));
		else if (field.tag == TAG_ROOT_KIND)
			ok = field_read_u32(&field, &message->root_kind);
		else if (field.tag == TAG_PARTITION)
			ok = field_read_u32(&field, &message->partition);
		else if (field.tag == TAG_TRANSPORT)
			ok = field_read_u32(&field, &message->transport);
		else if (field.tag == TAG_HAS_SCRIPTS)
			ok = field_read_u32(&field, &message->has_scripts);
		else if (field.tag == TAG_NETWORK)
			ok = network_parse(field.bytes, field.length, &message->network);
		else
			ok = clock_field(&field, &message->clock);
	}
	return ok;
}

static bool root_is_whole(const struct setup_message *message)
{
	switch (message->root_kind) {
	case ROOT_IMAGE:
		return message->lower_serial[0] != '\0' && message->upper_serial[0] != '\0';
	case ROOT_DIRECTORY:
		return message->root_share[0] != '\0' && message->transport != TRANSPORT_NONE;
	case ROOT_DISK:
		return message->lower_serial[0] != '\0';
	default:
		return false;
	}
}

bool setup_parse(const uint8_t *payload, size_t length, struct setup_message *message)
{
	*message = (struct setup_message){0};
	if (read_fields(payload, length, message) && clock_is_whole(&message->clock) &&
	    message->hostname[0] != '\0' && message->transport <= TRANSPORT_9P &&
	    root_is_whole(message) && read_lists(payload, length, message))
		return true;
	setup_message_free(message);
	return false;
}

void setup_message_free(struct setup_message *message)
{
	free(message->memory);
	explicit_bzero(message, sizeof(*message));
}
