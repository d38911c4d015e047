/*
 * receiver_bare PORT - libmicrohttpd alone: reads a body, answers 204.
 */
#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *size,
    void **request)
{
	static int begun;

	(void)url;
	(void)method;
	(void)version;
	(void)data;
	if (*request == NULL) {
		*request = &begun;
		return MHD_YES;
	}
	if (*size > 0) {
		*size = 0;
		return MHD_YES;
	}
	return MHD_queue_response(connection, 204, ctx);
}

int
main(int argc, char **argv)
{
	struct MHD_Response *empty = MHD_create_response_from_buffer(0,
	    (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);

	if (argc != 2 ||
	    MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO,
	        (uint16_t)strtoul(argv[1], NULL, 10), NULL, NULL, on_request,
	        empty, MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_END) == NULL)
		return 3;
	for (;;)
		(void)pause();
}
