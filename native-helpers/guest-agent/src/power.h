/*
 * The orderly end of the guest.
 */
#ifndef SKERRY_POWER_H
#define SKERRY_POWER_H

#include <stdbool.h>

/* Asks every process to end; power_tick does the rest. */
void power_off_begin(void);
/* Goes on with the end, if it has begun; returns milliseconds until the next step, -1 for never. */
int power_off_tick(bool has_children);
/* At once, for when nothing else is left to do. */
_Noreturn void power_off_now(void);

#endif
