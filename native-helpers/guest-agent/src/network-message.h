/*
 * The network of a guest as SETUP tells it (PROTOCOL.md, "Network"). Pure.
 */
#ifndef SKERRY_NETWORK_MESSAGE_H
#define SKERRY_NETWORK_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MAC_SIZE = 6,
	IPV4_SIZE = 4,
	IPV6_SIZE = 16,
	/* What resolvers read. */
	NAME_SERVERS_MAX = 3,
	/* An IPv6 address as text, with its end mark. */
	NAME_SERVER_SIZE = 46,
};

/* Of an interface; an IPv4 address has the first bytes. */
struct network_address {
	uint8_t address[IPV6_SIZE];
	uint32_t prefix;
	uint8_t gateway[IPV6_SIZE];
};

struct network {
	bool is_wanted;
	uint8_t mac[MAC_SIZE];
	struct network_address ipv4;
	struct network_address ipv6;
	char name_servers[NAME_SERVERS_MAX][NAME_SERVER_SIZE];
	size_t name_server_count;
};

/* Reads the value of a network field; false where a part is missing or out of its bounds. */
bool network_parse(const uint8_t *bytes, size_t length, struct network *network);

#endif
