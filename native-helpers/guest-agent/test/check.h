/*
 * What the parts of codec-test share.
 */
#ifndef SKERRY_CHECK_H
#define SKERRY_CHECK_H

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

#endif
