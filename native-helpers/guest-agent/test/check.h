/*
 * What the parts of codec-test share.
 */
#ifndef SKERRY_CHECK_H
#define SKERRY_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition, ...)                                                                      \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);            \
			fprintf(stderr, __VA_ARGS__);                                              \
			fprintf(stderr, "\n");                                                     \
			exit(EXIT_FAILURE);                                                        \
		}                                                                                  \
	} while (0)

/* The parts that are not about golden frames; each ends the program where something is wrong. */
void check_network(void);
void check_listeners(void);
void check_readings(void);
void check_sizes(unsigned rounds);
void check_ring(unsigned rounds, bool keeps_past);
void check_pace(unsigned rounds);
void fuzz_frames(unsigned rounds);
void fuzz_messages(unsigned rounds);

/* xorshift32: the same numbers in every run, so that a failure can be met again. */
uint32_t random_number(void);

#endif
