/* One request: its head, its body, its answer. */
#include "listen_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

const char *
listen_method(const struct listen_request *r)
{
	return r->method;
}

const char *
listen_path(const struct listen_request *r)
{
	return r->path;
}

const char *
listen_header(const struct listen_request *r, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < r->head_count; i++)
		if (strcasecmp(r->heads[i].name, name) == 0)
			value = value == NULL ? r->heads[i].value : "";
	return value;
}

const char *
listen_query(const struct listen_request *r, const char *name)
{
	const char *value = NULL;
	size_t len = 0;

	if (MHD_lookup_connection_value_n(r->connection, MHD_GET_ARGUMENT_KIND,
	        name, strlen(name), &value, &len) != MHD_YES)
		return NULL;
	/* What holds a NUL is no text, and "" is none to anybody. */
	return value == NULL || strlen(value) != len ? "" : value;
}

const char *
listen_body(const struct listen_request *r, size_t *len)
{
	*len = r->len;
	return r->body != NULL ? r->body : "";
}

const char *
listen_peer(const struct listen_request *r)
{
	return r->line->peer;
}

bool
listen_local(const struct listen_request *r, uid_t *uid)
{
	*uid = r->line->uid;
	return r->line->generation->local && r->line->uid != (uid_t)-1;
}

/* ---- answers ---- */

struct MHD_Response *
listen_response(struct listen *l, const struct listen_reply *reply, bool last)
{
	size_t len = reply->type == NULL ? 0 : reply->len;
	struct MHD_Response *response;

	if (len == 0 && reply->header_count == 0 && !last &&
	    reply->type == NULL &&
	    (reply->status == 204 || reply->status == 200))
		return l->plain[reply->status == 200];
	response = MHD_create_response_from_buffer(len,
	    (void *)(uintptr_t)(len > 0 ? reply->body : ""),
	    MHD_RESPMEM_MUST_COPY);
	if (response == NULL)
		err_fatal("out of memory");
	if (reply->type != NULL)
		(void)MHD_add_response_header(response, "Content-Type",
		    reply->type);
	for (size_t i = 0; i < reply->header_count; i++)
		(void)MHD_add_response_header(response, reply->headers[i].name,
		    reply->headers[i].value);
	/* Was a request read otherwise than it was sent, nothing follows it. */
	if (last || reply->status >= 400)
		(void)MHD_add_response_header(response, "Connection", "close");
	return response;
}

void
listen_later(struct listen_request *r)
{
	r->later = true;
	MHD_suspend_connection(r->connection);
}

void
listen_answer(struct listen_request *r, const struct listen_reply *reply)
{
	bool last = atomic_load(&r->line->generation->ending);

	r->response = listen_response(r->listen, reply, last);
	r->answer = reply->status;
	if (r->later)
		MHD_resume_connection(r->connection);
}

static enum MHD_Result
send_answer(struct listen_request *r)
{
	enum MHD_Result ret;

	line_set(r->line, STAGE_ANSWER);
	ret = MHD_queue_response(r->connection, r->answer, r->response);
	if (r->response != r->listen->plain[0] &&
	    r->response != r->listen->plain[1])
		MHD_destroy_response(r->response);
	r->response = NULL;
	return ret;
}

static enum MHD_Result
refuse(struct listen_request *r, bool last)
{
	static const struct listen_header_line again = {"Retry-After", "5"};
	char text[160];
	int len = snprintf(text, sizeof(text), "%s\n", r->refused);

	r->answer = r->status;
	r->response = listen_response(r->listen,
	    &(struct listen_reply){
	        .status = r->status,
	        .type = "text/plain; charset=utf-8",
	        .body = text,
	        .len = (size_t)len,
	        .headers = &again,
	        .header_count = r->status == 503,
	    },
	    last || atomic_load(&r->line->generation->ending));
	return send_answer(r);
}

static enum MHD_Result
let_handle(struct listen_request *r)
{
	line_set(r->line, STAGE_ANSWER);
	r->ours = true;
	r->route->handle(r, r->route->ctx);
	if (r->later)
		return MHD_YES;
	if (r->response != NULL)
		return send_answer(r);
	r->refused = "nobody answered";
	r->status = 500;
	return refuse(r, false);
}

/* ---- the body ---- */

void
listen_drop_body(struct listen_request *r)
{
	atomic_fetch_sub(&r->listen->bytes, r->room);
	listen_room_free(r->body, r->room);
	r->body = NULL;
	r->len = 0;
	r->room = 0;
}

/* Room for `len` more and the NUL behind; false where all take too much. */
static bool
make_room(struct listen_request *r, size_t len)
{
	size_t room = r->room == 0 ? LISTEN_ROOM_FIRST : r->room;

	if (r->len + len < r->room)
		return true;
	while (room <= r->len + len)
		room *= 2;
	/* What is only said takes no room, and what is said is enough. */
	if (room > r->announced && r->len + len <= r->announced)
		room = r->announced + 1;
	if (atomic_fetch_add(&r->listen->bytes, room - r->room) + room -
	        r->room >
	    LISTEN_MEMORY) {
		atomic_fetch_sub(&r->listen->bytes, room - r->room);
		return false;
	}
	r->body = listen_room_grow(r->body, r->room, room);
	r->room = room;
	return true;
}

static void
refuse_body(struct listen_request *r, unsigned status, const char *why)
{
	listen_drop_body(r);
	r->refused = why;
	r->status = status;
}

/* False: enough of it was forgotten. */
static bool
take_body(struct listen_request *r, const char *data, size_t len)
{
	if (r->refused == NULL && r->len + len > r->route->body_max)
		refuse_body(r, 413, "the body is too large");
	if (r->refused == NULL && !make_room(r, len))
		refuse_body(r, 503, "too much is being received just now");
	if (r->refused != NULL) {
		r->forgotten += len;
		return r->forgotten <= LISTEN_FORGET;
	}
	memcpy(r->body + r->len, data, len);
	r->len += len;
	r->body[r->len] = '\0';
	return true;
}

/* ---- the callbacks ---- */

static enum MHD_Result
keep_head(void *ctx, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct listen_request *r = ctx;

	(void)kind;
	if (r->head_count == LISTEN_HEADERS_MAX) {
		r->too_many = true;
		return MHD_NO;
	}
	r->heads[r->head_count++] =
	    (struct head){name, value == NULL ? "" : value};
	return MHD_YES;
}

static struct line *
line_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection,
	        MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : info->socket_context;
}

static enum MHD_Result
begin(struct generation *g, struct MHD_Connection *connection,
    const char *method, const char *path, void **request)
{
	struct listen_request *r = malloc(sizeof(*r));

	if (r == NULL)
		err_fatal("out of memory");
	memset(r, 0, offsetof(struct listen_request, heads));
	memset(&r->head_count, 0,
	    sizeof(*r) - offsetof(struct listen_request, head_count));
	r->listen = g->listen;
	r->line = line_of(connection);
	r->connection = connection;
	r->method = method;
	r->path = path;
	atomic_fetch_add(&g->listen->busy, 1);
	atomic_fetch_add_explicit(&g->listen->begun, 1, memory_order_relaxed);
	*request = r;
	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, keep_head,
	    r);
	if (!listen_head_fits(r))
		return refuse(r, true);
	line_set(r->line, STAGE_BODY);
	return MHD_YES;
}

enum MHD_Result
listen_on_request(void *ctx, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version, const char *data,
    size_t *size, void **request)
{
	struct listen_request *r = *request;

	(void)version;
	if (r == NULL)
		return begin(ctx, connection, method, path, request);
	if (*size > 0) {
		bool go_on = take_body(r, data, *size);

		*size = 0;
		return go_on ? MHD_YES : MHD_NO;
	}
	if (r->response != NULL)
		return send_answer(r);
	if (r->refused != NULL)
		return refuse(r, false);
	return let_handle(r);
}

void
listen_on_done(void *ctx, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode why)
{
	struct listen_request *r = *request;

	(void)ctx;
	(void)connection;
	(void)why;
	if (r == NULL)
		return;
	listen_drop_body(r);
	if (r->response != NULL && r->response != r->listen->plain[0] &&
	    r->response != r->listen->plain[1])
		MHD_destroy_response(r->response);
	line_set(r->line, STAGE_IDLE);
	atomic_fetch_sub(&r->listen->busy, 1);
	free(r);
	*request = NULL;
}

void *
listen_on_path(void *ctx, const char *path, struct MHD_Connection *connection)
{
	struct line *line = line_of(connection);

	(void)ctx;
	(void)path;
	if (line != NULL)
		line_set(line, STAGE_HEAD);
	return NULL;
}
