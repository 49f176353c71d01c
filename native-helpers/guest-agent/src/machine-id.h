/*
 * The id that a root has of its machine, machine-id(5).
 */
#ifndef SKERRY_MACHINE_ID_H
#define SKERRY_MACHINE_ID_H

/*
 * Gives the root at `root` (empty for the one that paths begin at) another id, where it has one: a
 * regular file of 32 hexadecimal digits and a newline. What is anything else stays. 0, or -1 with
 * errno.
 */
int machine_id_renew(const char *root);

#endif
