/*
 * Which devices of the machine have a driver (PROTOCOL.md, "Templates").
 */
#ifndef SKERRY_VIRTIO_H
#define SKERRY_VIRTIO_H

/* Takes every device from a driver, `virtio_blk`; a kernel that has no such driver has no such device. */
void virtio_unbind(const char *driver);
/* Offers every device that has no driver to all of them: it is found as it is now. */
void virtio_probe(void);

#endif
