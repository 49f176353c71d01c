#include "session-table.h"

#include <stddef.h>

#include "clock.h"

static struct session *table[SESSIONS_MAX];
/* No slot at or beyond this one is in use, so that going round stays short. */
static size_t used;

size_t sessions_slots(void)
{
	return used;
}

struct session *session_at(size_t slot)
{
	return slot < used ? table[slot] : NULL;
}

struct session *session_find(uint32_t id)
{
	for (size_t slot = 0; slot < used; slot++)
		if (table[slot] != NULL && table[slot]->id == id)
			return table[slot];
	return NULL;
}

int session_add(struct session *session)
{
	for (size_t slot = 0; slot < SESSIONS_MAX; slot++) {
		if (table[slot] != NULL)
			continue;
		table[slot] = session;
		if (slot >= used)
			used = slot + 1;
		return 0;
	}
	return -1;
}

void session_remove(struct session *session)
{
	for (size_t slot = 0; slot < used; slot++)
		if (table[slot] == session)
			table[slot] = NULL;
	while (used > 0 && table[used - 1] == NULL)
		used--;
	session_free(session);
}

struct session *session_overdue(void)
{
	struct session *oldest = NULL;
	size_t count = 0;

	for (size_t slot = 0; slot < used; slot++) {
		struct session *session = table[slot];

		if (session == NULL || session->state != SESSION_ENDED)
			continue;
		count++;
		/* One whose end the host is yet to hear of is being read. */
		if (session->attached && session->report_exit)
			continue;
		if (oldest == NULL || session->ended_at_ms < oldest->ended_at_ms)
			oldest = session;
	}
	return count > ENDED_SESSIONS_MAX ? oldest : NULL;
}

void sessions_reaped(pid_t pid, int wait_status)
{
	for (size_t slot = 0; slot < used; slot++) {
		struct session *session = table[slot];

		if (session != NULL && session->pid == pid && !session->reaped) {
			session_reap(session, wait_status);
			return;
		}
	}
}

void sessions_detach(void)
{
	for (size_t slot = 0; slot < used; slot++) {
		if (table[slot] == NULL)
			continue;
		if (table[slot]->ends_with_host)
			session_remove(table[slot]);
		else
			session_detach(table[slot]);
	}
}

int sessions_timeout_ms(void)
{
	uint64_t soonest = UINT64_MAX;
	const uint64_t now = uptime_ms();

	for (size_t slot = 0; slot < used; slot++) {
		if (table[slot] == NULL)
			continue;

		const uint64_t deadline = session_deadline_ms(table[slot]);
		if (deadline < soonest)
			soonest = deadline;
	}
	if (soonest == UINT64_MAX)
		return -1;
	return soonest <= now ? 0 : (int)(soonest - now);
}

void sessions_tick(void)
{
	const uint64_t now = uptime_ms();

	for (size_t slot = 0; slot < used; slot++)
		if (table[slot] != NULL && session_deadline_ms(table[slot]) <= now)
			session_tick(table[slot], now);
}
