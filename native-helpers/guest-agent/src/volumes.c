#include "volumes.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>

#include "mounts.h"
#include "shares.h"

static int mount_volume(const struct volume *volume)
{
	char options[64];

	if (make_mount_point(volume->target, volume->is_file) != 0)
		return -1;
	if (volume->kind == VOLUME_SHARE)
		return share_mount(volume->share, volume->target, volume->read_only);
	snprintf(options, sizeof(options), "mode=1777,size=%uM", volume->size_mib);
	return mount("tmpfs", volume->target, "tmpfs", MS_NOSUID | MS_NODEV, options);
}

int volumes_mount(const struct setup_message *setup, struct answer_message *answer)
{
	static char step[160];

	for (size_t i = 0; i < setup->volume_count; i++) {
		if (mount_volume(&setup->volumes[i]) == 0)
			continue;

		const int error = errno;
		snprintf(step, sizeof(step), "mount the volume %.120s", setup->volumes[i].target);
		answer->step = step;
		errno = error;
		return -1;
	}
	return 0;
}
