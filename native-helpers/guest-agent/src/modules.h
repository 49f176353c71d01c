/*
 * Kernel modules of the initramfs.
 */
#ifndef SKERRY_MODULES_H
#define SKERRY_MODULES_H

/* Loads the files that /modules/load names, in its order. A kernel without modules has no list. */
void load_modules(void);

#endif
