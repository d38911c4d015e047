/*
 * api_inside - the parts of app/api.h, for src/app/api*.c alone.
 */
#ifndef APP_API_INSIDE_H
#define APP_API_INSIDE_H

#include "app/api.h"
#include "app/report.h"
#include "app/subtrees.h"
#include "base/json.h"

struct api {
	struct setup setup;
	struct report report; /* by the index */
	struct subtrees subtrees;
	struct buf note; /* the newest checkpoint, as it stands */
	struct checkpoint checkpoint;
	bool sealed;     /* there is one, and it can be read */
	struct buf page; /* what /api/v1/page was answered with last, */
	uint64_t page_last,
	    page_sealed; /* and for which record, days and minute */
	int64_t page_days, page_minute;
};

/* One question being answered. */
struct answering {
	struct api *api;
	const struct api_asked *asked;
	const char *rest; /* of the path, behind what the table has */
	struct pool pool;
	struct api_reply *out;
	struct json json; /* into out->body */
};

typedef int api_fn(struct answering *a, struct err *err);
api_fn api_changes, api_life, api_controls, api_checkpoint, api_records,
    api_proof, api_page;

/* 404, with a word about what is not there; returns 0. */
int api_missing(struct answering *a, const char *format, ...) like_printf(2, 3);
/* "as_of": {"record": .., "time": ..} */
void api_as_of(struct answering *a);
/* A row of changes.csv as an object: lists are lists, what is unknown null. */
void api_row(struct json *j, const struct change_row *row);
/* Its attributes as an object. */
void api_attributes(struct json *j, const struct change_row *row);

#endif
