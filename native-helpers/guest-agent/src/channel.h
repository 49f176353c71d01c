/*
 * Moves bytes between a command's descriptors and the rings of its session.
 */
#ifndef SKERRY_CHANNEL_H
#define SKERRY_CHANNEL_H

#include "session.h"

/* Handlers of the watches of a session; `owner` is a channel. */
void channel_read(void *owner, uint32_t events);
void channel_write(void *owner, uint32_t events);

/* Watches an output or leaves it alone, as there is room. */
void channel_watch_output(struct channel *channel);
/* When channel_tick is due, or UINT64_MAX. */
uint64_t channel_deadline_ms(const struct channel *channel);
/* Goes on with an output whose rest (pace.h) is over. */
void channel_tick(struct channel *channel, uint64_t now_ms);
/* What comes next of an output is waited for. */
void channel_hurry(struct channel *channel);
/* Reads what is there, for the last time; what the ring has no room for waits for room. */
void channel_read_last(struct channel *channel);
/* Gives up the input: what waits is dropped, and counts as used. */
void channel_drop_input(struct session *session);

#endif
