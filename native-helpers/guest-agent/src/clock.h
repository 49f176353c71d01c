/*
 * Clocks of the guest, and its random pool.
 */
#ifndef SKERRY_CLOCK_H
#define SKERRY_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds since the kernel started, time spent suspended included. */
uint64_t uptime_ms(void);
/* Milliseconds since the epoch. */
uint64_t wall_clock_ms(void);

/* Both return 0, or -1 with errno. They are needed at boot and after a restored snapshot. */
int set_wall_clock(uint64_t now_ms);
int add_entropy(const uint8_t *bytes, size_t length);

#endif
