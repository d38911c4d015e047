/*
 * remedy - the lines that help: what to type, and who may.
 *
 * Each line can be typed as it stands, by the person it names, with stock Git
 * or with foureyes.  Nothing that a commit says stands in one of them.
 */
#ifndef APP_REMEDY_H
#define APP_REMEDY_H

#include "app/gate.h"

/* What helps against the findings of one refused ref. */
void remedy_write(struct buf *out, const struct push *p,
    const struct judged *j);

#endif
