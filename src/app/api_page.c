/* The page's data, made once for each state of the ledger and minute. */
#include "api_inside.h"

#include "app/live.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)
#define MINUTE ((int64_t)60 * 1000)

static int
make(struct api *api, int64_t days, int64_t now, struct err *err)
{
	const struct live_asked asked = {.from = now - days * DAY,
	    .to = now,
	    .records = API_PAGE_RECORDS,
	    .bytes = API_PAGE_BYTES,
	    .note = &api->note};

	buf_clear(&api->page);
	api->page_last = 0;
	if (live_data(&api->page, &api->setup, &api->subtrees, &asked, err) < 0)
		return -1;
	api->page_last = api->report.until;
	api->page_sealed = api->checkpoint.size;
	api->page_days = days;
	api->page_minute = now / MINUTE;
	return 0;
}

int
api_page(struct answering *a, struct err *err)
{
	struct api *api = a->api;
	const char *text = a->asked->query(a->asked->ctx, "days");
	uint64_t days = API_PAGE_DAYS;

	if (text != NULL &&
	    !change_query_number(text, 1, API_PAGE_DAYS_MAX, &days))
		return err_set(err, ERR_INPUT,
		    "'days' is a number from 1 to %d", API_PAGE_DAYS_MAX);
	if ((api->page_last != api->report.until ||
	        api->page_sealed != api->checkpoint.size ||
	        api->page_days != (int64_t)days ||
	        api->page_minute != a->asked->now / MINUTE) &&
	    make(api, (int64_t)days, a->asked->now, err) < 0)
		return -1;
	a->out->type = "text/plain; charset=utf-8";
	buf_add(&a->out->body, api->page.data, api->page.len);
	return 0;
}
