/*
 * Which devices of the machine have a driver (PROTOCOL.md, "Templates").
 */
#ifndef SKERRY_VIRTIO_H
#define SKERRY_VIRTIO_H

#include <stdbool.h>
#include <stddef.h>

/* Takes every device from a driver, `virtio_blk`; a kernel that has no such driver has no such device. */
void virtio_unbind(const char *driver);
/*
 * Offers devices that have no driver to all of them: they are found as they are now. Disks come last
 * and in their order, until so many of them are enough.
 */
void virtio_probe(bool (*is_enough)(size_t disks));

#endif
