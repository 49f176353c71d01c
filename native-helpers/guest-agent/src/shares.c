#include "shares.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "modules.h"
#include "mounts.h"

/* One virtiofs has every share as an entry; no path leads to it once the root has moved. */
#define SHARES "/shares"
#define VIRTIOFS_TAG "skerry"
/* The largest message of the virtio transport; the guest's cache would not see the host's changes. */
#define OPTIONS_9P "trans=virtio,version=9p2000.L,msize=512000,cache=none,access=client"

static uint32_t transport;
static int shares_fd = -1;

int shares_open(uint32_t of)
{
	transport = of;
	if (transport == TRANSPORT_9P)
		load_modules("/modules/load-9p");
	if (transport != TRANSPORT_VIRTIOFS)
		return 0;
	load_modules("/modules/load-virtiofs");
	if (make_directory(SHARES, 0755) != 0 ||
	    mount(VIRTIOFS_TAG, SHARES, "virtiofs", MS_NOATIME, NULL) != 0)
		return -1;
	shares_fd = open(SHARES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return shares_fd < 0 ? -1 : 0;
}

int share_mount(const char *name, const char *target, bool read_only)
{
	if (transport == TRANSPORT_9P)
		return mount(name, target, "9p", read_only ? MS_RDONLY : 0, OPTIONS_9P);
	return mount_from(shares_fd, name, target, read_only);
}
