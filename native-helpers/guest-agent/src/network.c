#include "network.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "interface.h"
#include "log.h"
#include "modules.h"
#include "sysfs.h"
#include "uevents.h"

enum { INTERFACE_TIMEOUT_MS = 10000 };

static const struct network *network;
static char interface[INTERFACE_NAME_SIZE];

static bool is_there(void *mac)
{
	return find_interface(mac, interface);
}

static int find(void)
{
	const uint8_t *mac = network->mac;
	char text[3 * MAC_SIZE];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return uevents_wait(is_there, text, INTERFACE_TIMEOUT_MS) ? 0 : -1;
}

/* A kernel without IPv6 has no such file. */
static void switch_off(const char *setting)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/%s", interface, setting);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "0", 1) != 1)
		log_info("cannot write %s: %s", path, strerror(errno));
	close(fd);
}

/* Nobody else is on this network: no address is taken, and no router announces itself. */
static int trust_addresses(void)
{
	switch_off("accept_dad");
	switch_off("accept_ra");
	return 0;
}

static int set_address(void)
{
	return interface_set_ipv4(interface, &network->ipv4);
}

static int bring_up(void)
{
	return interface_up(interface);
}

static int add_route(void)
{
	return interface_route_ipv4(interface, &network->ipv4);
}

static int add_ipv6(void)
{
	if (interface_set_ipv6(interface, &network->ipv6) != 0)
		log_info("no IPv6: %s", strerror(errno));
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} steps[] = {
	{"find the network interface", find},
	{"prepare the network interface", trust_addresses},
	{"set the address of the network interface", set_address},
	{"bring the network interface up", bring_up},
	{"add the default route", add_route},
	{"add the IPv6 address", add_ipv6},
};

int network_open(const struct setup_message *setup)
{
	if (setup->network.is_wanted)
		load_modules("/modules/load-network");
	return 0;
}

int network_up(const struct setup_message *setup, struct answer_message *answer)
{
	network = &setup->network;
	if (!network->is_wanted)
		return 0;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i].run() == 0)
			continue;
		answer->step = steps[i].name;
		return -1;
	}
	return 0;
}
