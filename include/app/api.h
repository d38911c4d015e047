/*
 * api - what foureyesd tells whoever may read (contract.md section 5), without
 * the HTTP: a path and its query in, status and body out.
 *
 *	/api/v1/changes			newest first, by pages
 *	/api/v1/changes/<id>		one change's life
 *	/api/v1/controls		what is asked of which gate, and how it
 *stands /api/v1/checkpoint		the newest signed note, as it stands
 *	/api/v1/records?from=&count=	the ledger's lines
 *	/api/v1/proof/<seq>		that a record is in the newest
 *checkpoint /api/v1/page?days=		the data of the page, checked by the
 *reader
 *
 * Nothing is written, and each answer is bounded in rows, bytes and records
 * looked at, whatever the ledger's length.  Errors are {"error":"..."}.
 *
 * One thread at a time may use a handle.  It holds configuration, change log
 * and index of its own: a new one is opened when the configuration changes.
 */
#ifndef APP_API_H
#define APP_API_H

#include "base/buf.h"
#include "base/err.h"
#include "core/change_query.h"

#define API_ANSWER_MAX ((size_t)8 << 20) /* bytes, but for one record */
#define API_LOOKED_MAX 5000              /* movements that one page looks at */
#define API_RECORDS_MAX 1000             /* lines of one answer */
#define API_LIFE_MAX 200                 /* records of one life */
#define API_PATH_MAX 2048                /* bytes */
#define API_PAGE_DAYS 90                 /* by default */
#define API_PAGE_DAYS_MAX 3660
#define API_PAGE_RECORDS 20000 /* records that the page takes at most */
#define API_PAGE_BYTES ((uint64_t)48 << 20) /* of these, before squeezing */

struct api;

struct api_asked {
	const char *path; /* unescaped */
	change_query_get *query;
	void *ctx;
	const char *known; /* If-None-Match, or NULL */
	int64_t now;
};

#define API_ETAG_SIZE 128

struct api_reply {
	unsigned status; /* 200, 304, 400, 404, 500, 503 */
	const char *type;
	struct buf body;
	char etag[API_ETAG_SIZE]; /* "" : none */
	struct buf next;          /* where the next page is; empty: none */
};

/* `dir` as `--config` has it. */
int api_open(struct api **out, const char *dir, struct err *err) must_check;
void api_close(struct api *api); /* NULL is allowed */
/* Always fills in `out`, which the caller gives to api_reply_free(). */
void api_answer(struct api *api, const struct api_asked *asked,
    struct api_reply *out);
void api_reply_free(struct api_reply *reply);

#endif
