/*
 * Where the agent writes what it does: the kernel's log in a guest, stderr in tests.
 */
#ifndef SKERRY_LOG_H
#define SKERRY_LOG_H

/* Takes over a descriptor whose every write is one line. */
void log_open(int fd, int is_kernel_log);

__attribute__((format(printf, 1, 2))) void log_info(const char *format, ...);
__attribute__((format(printf, 1, 2))) void log_error(const char *format, ...);

#endif
