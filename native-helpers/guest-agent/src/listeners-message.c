#include "listeners-message.h"

#include <stdlib.h>
#include <string.h>

#include "messages.h"

/* <net/tcp_states.h> of the kernel. */
enum { STATE_LISTEN = 0x0A };

/* Takes that many hexadecimal digits, at most 8; nothing where there are others. */
static bool take_hex(const char **text, int digits, uint32_t *value)
{
	const char *at = *text;

	*value = 0;
	for (; digits > 0; digits--, at++)
		if (*at >= '0' && *at <= '9')
			*value = *value << 4 | (uint32_t)(*at - '0');
		else if (*at >= 'A' && *at <= 'F')
			*value = *value << 4 | (uint32_t)(*at - 'A' + 10);
		else
			return false;
	*text = at;
	return true;
}

static bool take(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

static void pass_spaces(const char **text)
{
	*text += strspn(*text, " ");
}

/* `0100007F:0016`: the address word by word in the machine's own order, then the port. */
static bool take_address(const char **text, struct listener *listener)
{
	uint32_t word, port;

	listener->address_length = 0;
	while (take_hex(text, 8, &word)) {
		if (listener->address_length == LISTENER_ADDRESS_MAX)
			return false;
		memcpy(listener->address + listener->address_length, &word, sizeof(word));
		listener->address_length += sizeof(word);
		if (**text == ':')
			break;
	}
	if (listener->address_length != 4 && listener->address_length != LISTENER_ADDRESS_MAX)
		return false;
	if (!take(text, ':') || !take_hex(text, 4, &port))
		return false;
	listener->port = (uint16_t)port;
	return true;
}

bool listener_parse(const char *line, enum protocol protocol, struct listener *listener)
{
	/* Queues, timer, retransmits, user and timeout stand between the state and the inode. */
	enum { FIELDS_BETWEEN = 5 };
	struct listener remote;
	uint32_t state;

	*listener = (struct listener){.protocol = protocol};
	pass_spaces(&line);
	line += strspn(line, "0123456789");
	if (!take(&line, ':'))
		return false;
	pass_spaces(&line);
	if (!take_address(&line, listener) || !take(&line, ' ') || !take_address(&line, &remote) ||
	    !take(&line, ' ') || !take_hex(&line, 2, &state))
		return false;
	for (int i = 0; i < FIELDS_BETWEEN; i++) {
		pass_spaces(&line);
		line += strcspn(line, " ");
	}
	pass_spaces(&line);
	listener->inode = strtoull(line, NULL, 10);
	return listener->port != 0 &&
	       (protocol == PROTOCOL_TCP ? state == STATE_LISTEN : remote.port == 0);
}

uint64_t socket_inode(const char *link)
{
	static const char prefix[] = "socket:[";

	return strncmp(link, prefix, sizeof(prefix) - 1) == 0
		       ? strtoull(link + sizeof(prefix) - 1, NULL, 10)
		       : 0;
}

void listeners_write(struct fields_writer *writer, const struct listener *listeners, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t bytes[LISTENER_MAX];
		struct fields_writer one = {.bytes = bytes, .capacity = sizeof(bytes)};

		fields_put_u32(&one, TAG_PROTOCOL, listeners[i].protocol);
		fields_put_bytes(&one, TAG_ADDRESS, listeners[i].address,
				 listeners[i].address_length);
		fields_put_u32(&one, TAG_PORT, listeners[i].port);
		if (listeners[i].command[0] != '\0')
			fields_put_text(&one, TAG_COMMAND, listeners[i].command);
		fields_put_bytes(writer, TAG_LISTENER, bytes, one.length);
	}
}
