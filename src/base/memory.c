#include "base/memory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

void
memory_keep_little(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, MEMORY_APART);
	(void)mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT);
	(void)mallopt(M_ARENA_MAX, MEMORY_ARENAS);
}

void
memory_give_back(void)
{
	(void)malloc_trim(0);
}

#else

void
memory_keep_little(void)
{
}

void
memory_give_back(void)
{
}

#endif
