/*
 * Groups of processes as the kernel has them (cgroup v2), each by a descriptor of its directory.
 */
#ifndef SKERRY_CGROUP_H
#define SKERRY_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

/* Of each control file that is read whole. */
enum { CGROUP_TEXT_MAX = 4096 };

/* What stands still with its group, and what never does. */
enum thread_kind { USER_THREADS, KERNEL_THREADS };

/*
 * Moves what is in one group itself to another one: processes, but for this one, or threads of the
 * kernel. How many threads were seen that were to go, or -1 with errno, ETIMEDOUT where it was not
 * done by then.
 */
int cgroup_move(int from_fd, int to_fd, int proc_fd, enum thread_kind kind, uint64_t until_ms);
/* Moves the calling process. 0, or -1 with errno. */
int cgroup_enter(int group_fd);
/* Whether it was asked to stand still; false where there is no such group any more. */
bool cgroup_is_asked_to_freeze(int group_fd);
/* Asks it to stand still, or to go on. 0, or -1 with errno. */
int cgroup_freeze(int group_fd, bool is_frozen);
/* Whether all of it stands still; true where there is no such group any more. */
bool cgroup_is_frozen(int group_fd);
/* Whether its threads may be in other groups than their process. */
bool cgroup_is_threaded(int group_fd);
/*
 * Calls back with each group below one, by its name and its number, until one call fails. 0, or -1
 * with errno, also where there is too much in it.
 */
int cgroup_each_child(int group_fd, int (*visit)(const char *name, uint64_t number));

#endif
