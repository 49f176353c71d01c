#include "interface.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* <linux/ipv6.h>, whose headers a C library may come without. */
struct ipv6_request {
	struct in6_addr address;
	uint32_t prefix;
	int index;
};

static int close_after(int fd, int failed)
{
	const int error = errno;

	close(fd);
	errno = error;
	return failed ? -1 : 0;
}

static struct ifreq request_for(const char *name)
{
	struct ifreq request = {0};

	strncpy(request.ifr_name, name, sizeof(request.ifr_name) - 1);
	return request;
}

static void put_ipv4(struct sockaddr *to, in_addr_t address)
{
	const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = {.s_addr = address}};

	memcpy(to, &from, sizeof(from));
}

static in_addr_t ipv4_of(const uint8_t bytes[IPV4_SIZE])
{
	in_addr_t address;

	memcpy(&address, bytes, sizeof(address));
	return address;
}

int interface_up(const char *name)
{
	struct ifreq request = request_for(name);
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int failed;

	if (fd < 0)
		return -1;
	failed = ioctl(fd, SIOCGIFFLAGS, &request) != 0;
	request.ifr_flags |= IFF_UP;
	return close_after(fd, failed || ioctl(fd, SIOCSIFFLAGS, &request) != 0);
}

int interface_down(const char *name)
{
	struct ifreq request = request_for(name);
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int failed;

	if (fd < 0)
		return -1;
	failed = ioctl(fd, SIOCGIFFLAGS, &request) != 0;
	request.ifr_flags = (short)(request.ifr_flags & ~IFF_UP);
	failed = failed || ioctl(fd, SIOCSIFFLAGS, &request) != 0;
	/* One without an address has none to take. */
	request = request_for(name);
	put_ipv4(&request.ifr_addr, INADDR_ANY);
	ioctl(fd, SIOCSIFADDR, &request);
	return close_after(fd, failed);
}

int interface_set_ipv4(const char *name, const struct network_address *to)
{
	struct ifreq request = request_for(name);
	const uint32_t mask = to->prefix == 0 ? 0 : UINT32_MAX << (32 - to->prefix);
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int failed;

	if (fd < 0)
		return -1;
	put_ipv4(&request.ifr_addr, ipv4_of(to->address));
	failed = ioctl(fd, SIOCSIFADDR, &request) != 0;
	put_ipv4(&request.ifr_netmask, htonl(mask));
	return close_after(fd, failed || ioctl(fd, SIOCSIFNETMASK, &request) != 0);
}

int interface_route_ipv4(const char *name, const struct network_address *to)
{
	char device[IF_NAMESIZE] = {0};
	struct rtentry route = {.rt_flags = RTF_UP | RTF_GATEWAY, .rt_dev = device};
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	strncpy(device, name, sizeof(device) - 1);
	put_ipv4(&route.rt_dst, INADDR_ANY);
	put_ipv4(&route.rt_genmask, INADDR_ANY);
	put_ipv4(&route.rt_gateway, ipv4_of(to->gateway));
	return close_after(fd, ioctl(fd, SIOCADDRT, &route) != 0);
}

int interface_set_ipv6(const char *name, const struct network_address *to)
{
	struct ipv6_request request = {.prefix = to->prefix};
	struct in6_rtmsg route = {.rtmsg_flags = RTF_UP | RTF_GATEWAY};
	const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	request.index = route.rtmsg_ifindex = (int)if_nametoindex(name);
	memcpy(&request.address, to->address, IPV6_SIZE);
	memcpy(&route.rtmsg_gateway, to->gateway, IPV6_SIZE);
	return close_after(fd, ioctl(fd, SIOCSIFADDR, &request) != 0 ||
				       ioctl(fd, SIOCADDRT, &route) != 0);
}
