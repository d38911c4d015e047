/*
 * workbook_scratch - the library's temporary files, and whether one failed.
 */
#ifndef EDGE_WORKBOOK_SCRATCH_H
#define EDGE_WORKBOOK_SCRATCH_H

#include <stdio.h>

/* The errno of the first write that failed, or 0. */
extern int workbook_scratch_failed;

/* The library's own name: what stands here is called in its place. */
FILE *tmpfileplus(const char *dir, const char *prefix, char **path, int keep);

#endif
