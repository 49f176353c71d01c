/*
 * A client for guests: network-probe MODE ADDRESS PORT COUNT
 * down: reads COUNT bytes; up: writes COUNT bytes and waits for the end; connect: opens and closes
 * COUNT connections; trip: sends a byte and waits for one, COUNT times; hold: opens COUNT
 * connections, then does one trip on each; udp: sends COUNT bytes in a datagram and waits for them;
 * talk: says COUNT things of many sizes and waits for each to come back;
 * take and give: down and up with the words of a stream that is known, checked here or there.
 * Prints milliseconds, or why it failed; give prints what the server said.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MAX_HELD = 4096 };

static char buffer[256 * 1024];
static char received[sizeof(buffer)];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int dial(const char *address, const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	const int one = 1;
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1)
		fail("socket");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		fail("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
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

	if (strcmp(mode, "udp") == 0) {
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
