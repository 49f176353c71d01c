#include "link-table.h"

#include <stdlib.h>
#include <string.h>

/* Twice the entries, so that a search ends soon. */
enum { SLOTS = 2 * LINKED_FILES_MAX };

struct slot {
	uint64_t device;
	uint64_t inode;
	char *path;
};

static struct slot *slots;
static size_t count;
static size_t path_bytes;

/* The slot of the inode, or the free one where it would be. */
static struct slot *slot_of(uint64_t device, uint64_t inode)
{
	size_t at = (size_t)(((inode ^ device << 48) * 0x9E3779B97F4A7C15u) >> 40) % SLOTS;

	while (slots[at].path != NULL && (slots[at].inode != inode || slots[at].device != device))
		at = (at + 1) % SLOTS;
	return &slots[at];
}

const char *link_table_find(uint64_t device, uint64_t inode)
{
	return slots == NULL ? NULL : slot_of(device, inode)->path;
}

void link_table_add(uint64_t device, uint64_t inode, const char *path)
{
	const size_t size = strlen(path) + 1;

	if (slots == NULL)
		slots = calloc(SLOTS, sizeof(*slots));
	if (slots == NULL || count == LINKED_FILES_MAX || size > LINKED_PATHS_MAX_BYTES - path_bytes)
		return;

	struct slot *slot = slot_of(device, inode);
	if (slot->path != NULL)
		return;
	slot->path = strdup(path);
	if (slot->path == NULL)
		return;
	slot->device = device;
	slot->inode = inode;
	count++;
	path_bytes += size;
}
