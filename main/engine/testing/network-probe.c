/*
 * A client for guests: network-probe MODE ADDRESS PORT COUNT
 * down: reads COUNT bytes; up: writes COUNT bytes and waits for the end; connect: opens and closes
 * COUNT connections; trip: sends a byte and waits for one, COUNT times; hold: opens COUNT
 * connections, then does one trip on each; udp: sends COUNT bytes in a datagram and waits for them;
 * routed: connects with a loose source route; padded: with options of IP that say nothing;
 * raw: sends COUNT frames of noise from the interface ADDRESS, as the guest and as others;
 * talk: says COUNT things of many sizes and waits for each to come back;
 * take and give: down and up with the words of a stream that is known, checked here or there.
 * Prints milliseconds, or why it failed; give prints what the server said.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netpacket/packet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MAX_HELD = 8192, FRAME_MAX = 1514 };

static char buffer[256 * 1024];
static char received[sizeof(buffer)];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Options of IP that each connection is to carry. */
static unsigned char ip_options[12];
static socklen_t ip_options_size;

static int dial(const char *address, const char *port)
{
	const struct timeval timeout = {.tv_sec = 5};

	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	const int one = 1;
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1)
		fail("socket");
	if (ip_options_size > 0 &&
	    (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, ip_options, ip_options_size) != 0 ||
	     setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) != 0))
		fail("options");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		fail("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	return *state ^= *state << 5;
}

/* Noise behind an Ethernet header that is sometimes right, of the kinds that a gateway reads. */
static void send_noise(const char *interface, long long count)
{
	static const unsigned char macs[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
	static const uint16_t types[4] = {0x0800, 0x86dd, 0x0806, 0x8100};
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};
	uint32_t state = 2463534242u;
	const int fd = socket(AF_PACKET, SOCK_RAW, 0);

	to.sll_ifindex = (int)if_nametoindex(interface);
	if (fd < 0 || to.sll_ifindex == 0)
		fail("packet socket");
	for (long long i = 0; i < count; i++) {
		const size_t size = 14 + next_random(&state) % (FRAME_MAX - 14);
		const uint16_t type = types[next_random(&state) % 4];

		for (size_t at = 0; at < size; at++)
			buffer[at] = (char)next_random(&state);
		if (next_random(&state) % 8 != 0)
			memcpy(buffer, macs, sizeof(macs));
		buffer[12] = (char)(type >> 8);
		buffer[13] = (char)type;
		/* The first bytes of a header, so that some of it is read on. */
		if (type == 0x0800)
			buffer[14] = 0x45;
		else if (type == 0x86dd)
			buffer[14] = 0x60;
		if (sendto(fd, buffer, size, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			fail("frame");
	}
}

/* For IPv4 and IPv6; the kernel tells of a refusal by an error of recv. */
static void echo_datagram(const char *address, const char *port, size_t size)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST};
	struct addrinfo *to;
	const struct timeval timeout = {.tv_sec = 5};

	if (size > sizeof(buffer) || getaddrinfo(address, port, &hints, &to) != 0)
		fail("address");

	const int fd = socket(to->ai_family, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, to->ai_addr, to->ai_addrlen) != 0)
		fail("connect");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (send(fd, buffer, size, 0) != (ssize_t)size || recv(fd, buffer, sizeof(buffer), 0) != (ssize_t)size)
		fail("datagram");
}

static void read_to_end(int fd, long long least)
{
	long long count = 0;
	ssize_t length;

	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		count += length;
	if (length < 0 || count < least)
		fail("read");
}

/* Word k of the stream is k times this, as network-servers.ts has it. */
static void fill(uint32_t first)
{
	uint32_t *words = (uint32_t *)(void *)buffer;

	for (uint32_t i = 0; i < sizeof(buffer) / sizeof(uint32_t); i++)
		words[i] = (first + i) * 2654435761u;
}

static void read_whole(int fd, char *into, size_t size)
{
	ssize_t length;

	for (size_t held = 0; held < size; held += (size_t)length)
		if ((length = read(fd, into + held, size - held)) <= 0)
			fail("read");
}

static void take(int fd, long long count)
{
	for (long long at = 0; at < count; at += (long long)sizeof(buffer)) {
		read_whole(fd, received, sizeof(received));
		fill((uint32_t)(at / (long long)sizeof(uint32_t)));
		if (memcmp(received, buffer, sizeof(buffer)) != 0) {
			printf("differs within %lld\n", at);
			exit(1);
		}
	}
	if (read(fd, received, 1) != 0)
		fail("end");
}

static void give(int fd, long long count)
{
	ssize_t length;

	for (long long at = 0; at < count; at += (long long)sizeof(buffer)) {
		fill((uint32_t)(at / (long long)sizeof(uint32_t)));
		for (size_t sent = 0; sent < sizeof(buffer); sent += (size_t)length)
			if ((length = write(fd, buffer + sent, sizeof(buffer) - sent)) < 0)
				fail("write");
	}
	shutdown(fd, SHUT_WR);
	if ((length = read(fd, buffer, sizeof(buffer))) <= 0)
		fail("answer");
	printf("%.*s", (int)length, buffer);
}

static void talk(int fd, long long count)
{
	for (uint32_t i = 0; i < count; i++) {
		const size_t size = i * 7919u % 100000u + 1;

		fill(i);
		if (write(fd, buffer, size) != (ssize_t)size)
			fail("write");
		read_whole(fd, received, size);
		if (memcmp(received, buffer, size) != 0) {
			printf("differs at %u\n", i);
			exit(1);
		}
	}
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;

	const char *mode = argv[1];
	const long long count = atoll(argv[4]);
	const double begin_ms = now_ms();

	if (strcmp(mode, "routed") == 0) {
		static const unsigned char loose[] = {131, 7, 4, 10, 0, 0, 7, 0};

		memcpy(ip_options, loose, ip_options_size = sizeof(loose));
		dial(argv[2], argv[3]);
	} else if (strcmp(mode, "padded") == 0) {
		static const unsigned char nothing[] = {1, 1, 1, 1, 7, 7, 4, 0, 0, 0, 0, 0};

		memcpy(ip_options, nothing, ip_options_size = sizeof(nothing));
		dial(argv[2], argv[3]);
	} else if (strcmp(mode, "raw") == 0) {
		send_noise(argv[2], count);
	} else if (strcmp(mode, "udp") == 0) {
		echo_datagram(argv[2], argv[3], (size_t)count);
	} else if (strcmp(mode, "take") == 0) {
		take(dial(argv[2], argv[3]), count);
	} else if (strcmp(mode, "talk") == 0) {
		talk(dial(argv[2], argv[3]), count);
	} else if (strcmp(mode, "give") == 0) {
		give(dial(argv[2], argv[3]), count);
		return 0;
	} else if (strcmp(mode, "connect") == 0) {
		for (long long i = 0; i < count; i++)
			close(dial(argv[2], argv[3]));
	} else if (strcmp(mode, "hold") == 0) {
		static int fds[MAX_HELD];

		for (long long i = 0; i < count && i < MAX_HELD; i++)
			fds[i] = dial(argv[2], argv[3]);
		for (long long i = 0; i < count && i < MAX_HELD; i++)
			if (write(fds[i], "x", 1) != 1 || read(fds[i], buffer, 1) != 1)
				fail("hold");
	} else {
		const int fd = dial(argv[2], argv[3]);

		if (strcmp(mode, "down") == 0)
			read_to_end(fd, count);
		for (long long left = count; strcmp(mode, "up") == 0 && left > 0;) {
			const size_t size =
				left < (long long)sizeof(buffer) ? (size_t)left : sizeof(buffer);
			const ssize_t length = write(fd, buffer, size);

			if (length < 0)
				fail("write");
			left -= length;
		}
		for (long long i = 0; strcmp(mode, "trip") == 0 && i < count; i++)
			if (write(fd, "x", 1) != 1 || read(fd, buffer, 1) != 1)
				fail("trip");
		shutdown(fd, SHUT_WR);
		if (strcmp(mode, "up") == 0)
			read_to_end(fd, 0);
	}
	printf("%.3f\n", now_ms() - begin_ms);
	return 0;
}
