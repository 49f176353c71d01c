/*
 * The network of SETUP, and the kernel's tables of sockets.
 */
#include <string.h>

#include "check.h"
#include "listeners-message.h"
#include "messages.h"

/* One part of a network as it is sent, right or wrong. */
struct part {
	uint16_t tag;
	uint32_t length;
	const char *bytes;
};

static const struct part whole[] = {
	{TAG_MAC, 6, "\2\0\0\0\0\2"},
	{TAG_IPV4_ADDRESS, 4, "\12\0\2\17"},
	{TAG_IPV4_PREFIX, 4, "\40\0\0"},
	{TAG_IPV4_GATEWAY, 4, "\12\0\2\2"},
	{TAG_IPV6_ADDRESS, 16, "0123456789abcdef"},
	{TAG_IPV6_PREFIX, 4, "\200\0\0"},
	{TAG_IPV6_GATEWAY, 16, "0123456789abcdef"},
};
enum { PARTS = sizeof(whole) / sizeof(whole[0]) };

/* A network without the part `left_out`, if there is one, and with more behind it. */
static bool parses(size_t left_out, const struct part *more, size_t more_count)
{
	uint8_t buffer[512];
	struct fields_writer writer = {.bytes = buffer, .capacity = sizeof(buffer)};
	struct network network;

	for (size_t i = 0; i < PARTS; i++)
		if (i != left_out)
			fields_put_bytes(&writer, whole[i].tag, whole[i].bytes, whole[i].length);
	for (size_t i = 0; i < more_count; i++)
		fields_put_bytes(&writer, more[i].tag, more[i].bytes, more[i].length);
	return network_parse(buffer, writer.length, &network);
}

void check_network(void)
{
	static const struct part good[] = {
		{TAG_NAME_SERVER, 7, "1.1.1.1"},
		{TAG_NAME_SERVER, 5, "fe::1"},
		{TAG_NAME_SERVER, 7, "8.8.8.8"},
		{TAG_NAME_SERVER, 7, "8.8.4.4"},
	};
	static const struct part bad[] = {
		{TAG_MAC, 5, "\2\0\0\0\0"},
		{TAG_IPV4_ADDRESS, 16, "0123456789abcdef"},
		{TAG_IPV4_PREFIX, 4, "\41\0\0"},
		{TAG_IPV4_PREFIX, 1, "\1"},
		{TAG_IPV4_GATEWAY, 0, ""},
		{TAG_IPV6_ADDRESS, 4, "0123"},
		{TAG_IPV6_PREFIX, 4, "\201\0\0"},
		{TAG_IPV6_GATEWAY, 15, "0123456789abcde"},
		{TAG_NAME_SERVER, 0, ""},
		{TAG_NAME_SERVER, 4, "name"},
		{TAG_NAME_SERVER, 8, "1.1.1.1\n"},
		{TAG_NAME_SERVER, 8, "1.1.1.1"},
		{TAG_NAME_SERVER, 46, "0000:0000:0000:0000:0000:0000:255.255.255.2550"},
	};

	CHECK(parses(PARTS, NULL, 0), "without a name server");
	CHECK(parses(PARTS, good, 3), "three name servers");
	CHECK(!parses(PARTS, good, 4), "four name servers");
	for (size_t i = 0; i < PARTS; i++)
		CHECK(!parses(i, NULL, 0), "without part %zu", i);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!parses(PARTS, &bad[i], 1), "bad part %zu", i);
}

#define REST " 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0\n"
#define ANY6 "00000000000000000000000000000000"

static const char *const silent[] = {
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n",
	"",
	"   0:",
	"   0: 0100007F",
	"   0: 0100007F:1F90",
	"   0: 0100007F:1F90 00000000:0000",
	/* Connected, without a port, and with things that are no addresses. */
	"   0: 0100007F:1F90 0100007F:0050 01" REST,
	"   0: 0100007F:0000 00000000:0000 0A" REST,
	"   0: 0100007F01:1F90 00000000:0000 0A" REST,
	"   0: 0100007F0100007F:1F90 00000000:0000 0A" REST,
	"   0: " ANY6 "00000000:1F90 " ANY6 ":0000 0A" REST,
	"   0: 0100007G:1F90 00000000:0000 0A" REST,
	"   0: 0100007F-1F90 00000000:0000 0A" REST,
};

void check_listeners(void)
{
	struct listener listener;

	CHECK(listener_parse("   0: 0100007F:1F90 00000000:0000 0A" REST, PROTOCOL_TCP, &listener),
	      "tcp");
	CHECK(listener.protocol == PROTOCOL_TCP && listener.port == 8080 &&
		      listener.address_length == 4 &&
		      memcmp(listener.address, "\177\0\0\1", 4) == 0 && listener.inode == 4711,
	      "tcp");
	CHECK(listener_parse("10000: 0000000000000000FFFF00000100007F:0035 " ANY6 ":0000 07" REST,
			     PROTOCOL_UDP, &listener),
	      "udp6");
	CHECK(listener.protocol == PROTOCOL_UDP && listener.port == 53 &&
		      listener.address_length == 16 && listener.address[11] == 0xFF &&
		      listener.address[15] == 1 && listener.inode == 4711,
	      "udp6");
	CHECK(!listener_parse("   0: 0100007F:1F90 0100007F:0050 01" REST, PROTOCOL_UDP, &listener),
	      "connected");
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		/* On the heap, so that the sanitizer sees a read beyond the end. */
		char *line = strdup(silent[i]);

		CHECK(line != NULL, "memory");
		CHECK(!listener_parse(line, PROTOCOL_TCP, &listener), "line %zu", i);
		free(line);
	}
	CHECK(socket_inode("socket:[4711]") == 4711 && socket_inode("pipe:[4711]") == 0 &&
		      socket_inode("socket:[") == 0 && socket_inode("") == 0,
	      "inode");

	/* The longest of each, as many as there can be. */
	static struct listener many[LISTENERS_MAX];
	static uint8_t reply[LISTENERS_REPLY_MAX];
	struct fields_writer writer = {.bytes = reply, .capacity = sizeof(reply)};

	for (size_t i = 0; i < LISTENERS_MAX; i++)
		many[i] = (struct listener){
			.protocol = PROTOCOL_TCP, .address_length = 16, .command = "fifteen letters"};
	listeners_write(&writer, many, LISTENERS_MAX);
	CHECK(!writer.overflow, "a full reply");
}
