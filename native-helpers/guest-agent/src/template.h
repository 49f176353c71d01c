/*
 * A guest that is booted to be saved, and that others begin with (PROTOCOL.md, "Templates").
 */
#ifndef SKERRY_TEMPLATE_H
#define SKERRY_TEMPLATE_H

/*
 * Where the kernel's command line asks for a template: does ahead what no SETUP decides, and lets go
 * of what is another in each guest that begins with it. Otherwise nothing.
 */
void template_prepare(void);

#endif
