/*
 * What runs in the foreground of a terminal.
 */
#ifndef SKERRY_FOREGROUND_H
#define SKERRY_FOREGROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { PROGRAM_NAME_SIZE = 64 };

/*
 * Puts the name of the program that leads the foreground job of the terminal behind `master`; false
 * where that is `shell` itself or cannot be known.
 */
bool foreground_name(int master, pid_t shell, char name[PROGRAM_NAME_SIZE]);

#endif
