/*
 * Every process of the guest but this one standing still, so that none of them runs between a
 * snapshot and the CLOCK of whoever goes on from it (PROTOCOL.md, "HOLD").
 */
#ifndef SKERRY_HOLD_H
#define SKERRY_HOLD_H

/*
 * Before anything of the guest runs: the root of the hierarchy of groups, and /proc, as descriptors
 * that stay; -1 where there is none.
 */
void hold_open(int cgroup_fd, int proc_fd);
/*
 * Begins to stop them; hold_tick goes on with it. Where they stand still already, for longer. Who
 * is given is told that all of them stand still, by 0, or by an errno why they do not.
 */
void hold_begin(void (*on_settled)(int error));
/* Lets them go on, each where it was. */
void hold_end(void);
/* In a child of the agent, before it does anything: it waits with the others. */
void hold_join(void);
/* Goes on with what is under way; milliseconds until it wants to be called again, -1 for never. */
int hold_tick(void);

#endif
