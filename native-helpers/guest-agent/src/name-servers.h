/*
 * Name resolution of a guest with a network: a file of our own over its /etc/resolv.conf.
 */
#ifndef SKERRY_NAME_SERVERS_H
#define SKERRY_NAME_SERVERS_H

#include "messages.h"

/*
 * Both do what they can: without names a guest still starts. The file is written before volumes
 * cover /run, and comes over the guest's once they are there.
 */
void name_servers_write(const struct setup_message *setup);
void name_servers_mount(const struct setup_message *setup);

#endif
