#include "network-message.h"

#include <arpa/inet.h>
#include <string.h>

#include "message-fields.h"

enum { FIRST = TAG_MAC, LAST = TAG_IPV6_GATEWAY, ALL = (1 << (LAST - FIRST + 1)) - 1 };

static bool read_exactly(const struct field *field, uint8_t *to, size_t length)
{
	if (field->length != length)
		return false;
	memcpy(to, field->bytes, length);
	return true;
}

static bool read_prefix(const struct field *field, uint32_t *prefix, uint32_t most)
{
	return field_read_u32(field, prefix) && *prefix <= most;
}

/* An address, not a name, and nothing that would add a line to a file. */
static bool add_name_server(const struct field *field, struct network *network)
{
	uint8_t address[IPV6_SIZE];
	char *text;

	if (network->name_server_count == NAME_SERVERS_MAX)
		return false;
	text = network->name_servers[network->name_server_count++];
	return field_read_text(field, text, NAME_SERVER_SIZE) &&
	       (inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1);
}

static bool read_field(const struct field *field, struct network *network)
{
	switch (field->tag) {
	case TAG_MAC:
		return read_exactly(field, network->mac, MAC_SIZE);
	case TAG_IPV4_ADDRESS:
		return read_exactly(field, network->ipv4.address, IPV4_SIZE);
	case TAG_IPV4_PREFIX:
		return read_prefix(field, &network->ipv4.prefix, 8 * IPV4_SIZE);
	case TAG_IPV4_GATEWAY:
		return read_exactly(field, network->ipv4.gateway, IPV4_SIZE);
	case TAG_IPV6_ADDRESS:
		return read_exactly(field, network->ipv6.address, IPV6_SIZE);
	case TAG_IPV6_PREFIX:
		return read_prefix(field, &network->ipv6.prefix, 8 * IPV6_SIZE);
	case TAG_IPV6_GATEWAY:
		return read_exactly(field, network->ipv6.gateway, IPV6_SIZE);
	case TAG_NAME_SERVER:
		return add_name_server(field, network);
	default:
		return true;
	}
}

bool network_parse(const uint8_t *bytes, size_t length, struct network *network)
{
	int seen = 0;

	*network = (struct network){.is_wanted = true};
	FOR_EACH_FIELD(bytes, length, field, ok)
	{
		ok = read_field(&field, network);
		if (field.tag >= FIRST && field.tag <= LAST)
			seen |= 1 << (field.tag - FIRST);
	}
	return ok && seen == ALL;
}
