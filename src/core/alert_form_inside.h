/* alert_form_inside - what the formats of alerts share. */
#ifndef ALERT_FORM_INSIDE_H
#define ALERT_FORM_INSIDE_H

#include "core/alert_form.h"

/* What a record says of itself, for fields: see them by number. */
struct alert_field {
	const char *name;
	const char *value; /* safe, one line; NULL: the record has none */
};
#define ALERT_FIELDS 12
void alert_fields(struct alert_field out[ALERT_FIELDS], struct pool *pool,
    const struct tree *record);

/* The record in words, safe to stand in a line. */
const char *alert_in_words(struct pool *pool, const struct alert *a);

#endif
