#include "attributes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#define OVERLAY "trusted.overlay."
#define RECORD "SCHILY.xattr."

/* <linux/limits.h> */
enum { NAME_MAX_BYTES = 255, VALUE_MAX = 64 * 1024, LIST_MAX = 64 * 1024 };

/* Of all attributes of an entry, as the host counts them. */
enum { TOTAL_MAX = 64 * 1024 };

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* What belongs to a file wherever it is. The labels of a security module belong to this machine. */
static bool is_kept(const char *name)
{
	return begins(name, "user.") || strcmp(name, "security.capability") == 0 ||
	       begins(name, "system.posix_acl_");
}

static ssize_t get(int fd, const char *file, const char *name, uint8_t *value)
{
	return fd >= 0 ? fgetxattr(fd, name, value, VALUE_MAX)
		       : lgetxattr(file, name, value, VALUE_MAX);
}

static void read_overlay(const char *name, const uint8_t *value, ssize_t length,
			 struct attributes *attributes)
{
	const char *what = name + strlen(OVERLAY);

	if (strcmp(what, "opaque") == 0)
		attributes->is_opaque = length == 1 && value[0] == 'y';
	else if (strcmp(what, "redirect") == 0 || strcmp(what, "metacopy") == 0)
		attributes->is_redirected = true;
}

static void put(const char *name, const uint8_t *value, size_t length,
		struct attributes *attributes)
{
	char key[sizeof(RECORD) + NAME_MAX_BYTES];
	size_t size;

	snprintf(key, sizeof(key), RECORD "%s", name);
	size = tar_record(attributes->records + attributes->length,
			  TAR_ATTRIBUTES_MAX - attributes->length, key, value, length);
	attributes->length += size;
	attributes->is_cut |= size == 0;
}

int attributes_read(int fd, const char *file, struct attributes *attributes)
{
	static char names[LIST_MAX];
	static uint8_t value[VALUE_MAX];
	size_t total = 0;
	const ssize_t listed = fd >= 0 ? flistxattr(fd, names, sizeof(names))
				       : llistxattr(file, names, sizeof(names));

	attributes->length = 0;
	attributes->is_opaque = attributes->is_redirected = attributes->is_cut = false;
	if (listed < 0)
		return errno == ENOTSUP ? 0 : -1;
	for (const char *name = names; name < names + listed; name += strlen(name) + 1) {
		const bool is_overlays = begins(name, OVERLAY);

		if (!is_overlays && !is_kept(name))
			continue;

		const ssize_t length = get(fd, file, name, value);
		/* It may be gone by now. */
		if (length < 0 && errno == ENODATA)
			continue;
		if (length < 0)
			return -1;
		if (is_overlays) {
			read_overlay(name, value, length, attributes);
			continue;
		}
		total += strlen(name) + (size_t)length;
		if (total > TOTAL_MAX)
			attributes->is_cut = true;
		else
			put(name, value, (size_t)length, attributes);
	}
	return 0;
}
