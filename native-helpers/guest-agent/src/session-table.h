/*
 * All sessions of the guest, by stream id.
 */
#ifndef SKERRY_SESSION_TABLE_H
#define SKERRY_SESSION_TABLE_H

#include <stdint.h>
#include <sys/types.h>

#include "session.h"

enum { SESSIONS_MAX = 1024, ENDED_SESSIONS_MAX = 64 };

/* Slots are for going round, from 0 to the number of slots; each may be NULL. */
size_t sessions_slots(void);
struct session *session_at(size_t slot);
struct session *session_find(uint32_t id);
/* Keeps a session; -1 where the table is full. */
int session_add(struct session *session);
void session_remove(struct session *session);
/* The ended session that has waited longest, where there are more than may wait; or NULL. */
struct session *session_overdue(void);
/* Tells the session of a reaped child, if it has one. */
void sessions_reaped(pid_t pid, int wait_status);
void sessions_detach(void);
/* Milliseconds until a session wants attention, -1 for never. */
int sessions_timeout_ms(void);
void sessions_tick(void);

#endif
