/*
 * memory - what a process that goes on for long keeps of what it has freed.
 *
 * glibc raises by itself the size from which memory comes straight from the
 * system and goes straight back, up to 32 MB, and has an arena for each thread
 * that keeps what was freed in it: after a few large bodies hundreds of MB
 * stay. Here that size is fixed, and arenas are few.  Elsewhere both do
 * nothing.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#define MEMORY_APART (128 << 10) /* bytes: from here on each by itself */
#define MEMORY_KEPT (1 << 20)    /* bytes at the end of an arena */
#define MEMORY_ARENAS 4

/* Once, before there are threads. */
void memory_keep_little(void);
/* All that is free goes back; some 100 us.  Any thread may call it. */
void memory_give_back(void);

#endif
