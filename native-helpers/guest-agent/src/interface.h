/*
 * Network interfaces by their names: addresses, routes, up. Each returns 0, or -1 with errno.
 */
#ifndef SKERRY_INTERFACE_H
#define SKERRY_INTERFACE_H

#include "network-message.h"

int interface_up(const char *name);
/* Without an address, too. */
int interface_down(const char *name);
int interface_set_ipv4(const char *name, const struct network_address *to);
/* Makes the gateway the way to everywhere; the interface is up and has its address. */
int interface_route_ipv4(const char *name, const struct network_address *to);
/* The address and the route; the interface is up. */
int interface_set_ipv6(const char *name, const struct network_address *to);

#endif
