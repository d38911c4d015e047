/*
 * person_table - what people.yaml says, sorted for searching.
 *
 * Between person_read.c, which fills it, and person.c, which searches it;
 * nobody else includes this.
 */
#ifndef CORE_PERSON_TABLE_H
#define CORE_PERSON_TABLE_H

#include "core/person.h"

enum person_column {
	PERSON_IDS = 0,
	PERSON_EMAILS,
	PERSON_LOGINS,
	PERSON_KEYS,
	/* From here on looked for by skeleton; one person has one only once. */
	PERSON_SKELETONS, /* of e-mails */
	PERSON_CALLED,    /* of ids and logins */
	PERSON_COLUMNS
};

struct person_entry {
	const char *text;
	const char *source; /* of a login; else "" */
	const struct person *person;
	size_t nth;            /* among the person's own */
	const struct tree *at; /* where it stands */
	size_t order;          /* among all of the file */
};

struct people_table {
	struct person_column_list {
		struct person_entry *list;
		size_t count;
	} columns[PERSON_COLUMNS];
};

/* By text, then source; < 0, 0, > 0. */
int person_entry_order(const struct person_entry *a,
    const struct person_entry *b);
/* The entry's `order` is set here. */
void person_table_enter(struct people_table *table, struct pool *pool,
    enum person_column column, struct person_entry entry);
/* Sorts all columns; what stands twice is refused (but look-alikes). */
int person_table_sort(struct people_table *table, struct pool *pool,
    struct err *err) must_check;

#endif
