/*
 * How work on files says what went wrong: a line on descriptor 2, and an exit code.
 */
#ifndef SKERRY_FILES_FAILURE_H
#define SKERRY_FILES_FAILURE_H

/* A line with the error of errno; returns the exit code that stands for it. */
int files_fail(const char *path);
/* A line with a reason of our own; returns the code. */
int files_refuse(int code, const char *path, const char *why);
/* The exit code of an errno. */
int files_code(int error);

#endif
