#include "power.h"

#include <signal.h>
#include <stdint.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "clock.h"
#include "connection.h"
#include "log.h"
#include "root.h"

enum { ASK_MS = 3000, KILL_MS = 2000 };

static enum { RUNNING, ASKED, KILLED } phase;
static uint64_t deadline_ms;

void power_off_begin(void)
{
	if (phase != RUNNING)
		return;
	log_info("ending every process");
	phase = ASKED;
	deadline_ms = uptime_ms() + ASK_MS;
	/* All but this one. A shell at a terminal ignores SIGTERM and takes SIGHUP for the end. */
	kill(-1, SIGTERM);
	kill(-1, SIGHUP);
	kill(-1, SIGCONT);
}

static void kill_all(void)
{
	phase = KILLED;
	deadline_ms = uptime_ms() + KILL_MS;
	kill(-1, SIGKILL);
}

int power_off_tick(bool has_children)
{
	if (phase == RUNNING)
		return -1;
	/* Every process of the guest is a child or will be one, so that none is left without. */
	if (has_children && uptime_ms() < deadline_ms)
		return (int)(deadline_ms - uptime_ms());
	if (has_children && phase == ASKED) {
		kill_all();
		return KILL_MS;
	}
	root_finish();
	connection_finish();
	power_off_now();
}

_Noreturn void power_off_now(void)
{
	log_info("power off");
	sync();
	/* Ends the monitor where the machine has ACPI; without it the kernel only halts. */
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
