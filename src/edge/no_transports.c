/*
 * no_transports - stands in for the network half of libgit2.
 *
 * libgit2's start-up loads TLS certificates and links SSH and Kerberos, which
 * costs a hook more than all its work.  Nothing here talks to a remote, so the
 * entry points of those members of libgit2.a are defined by this object, which
 * the linker sees first; the members themselves are then never taken.  Whoever
 * reaches one of these gets a failure.
 */
#include <stdbool.h>
#include <stddef.h>

/* The signatures are libgit2's own, with its types left open. */
int git_mbedtls_stream_global_init(void);
int git_mbedtls__set_cert_location(const char *file, const char *path);
int git_mbedtls_stream_new(void **out, const char *host, const char *port);
int git_mbedtls_stream_wrap(void **out, void *in, const char *host);
int git_smart_subtransport_http(void **out, void *owner, void *param);
int git_smart_subtransport_ssh(void **out, void *owner, void *param);
int git_transport_ssh_global_init(void);
int git_transport_ssh_with_paths(void **out, void *owner, void *payload);
int git_http_auth_negotiate(void **out, const void *url);
int git_http_auth_ntlm(void **out, const void *url);
extern bool git_http__expect_continue;

bool git_http__expect_continue;

int
git_mbedtls_stream_global_init(void)
{
	return 0;
}

int
git_transport_ssh_global_init(void)
{
	return 0;
}

int
git_mbedtls__set_cert_location(const char *file, const char *path)
{
	(void)file;
	(void)path;
	return -1;
}

int
git_mbedtls_stream_new(void **out, const char *host, const char *port)
{
	(void)host;
	(void)port;
	*out = NULL;
	return -1;
}

int
git_mbedtls_stream_wrap(void **out, void *in, const char *host)
{
	(void)in;
	(void)host;
	*out = NULL;
	return -1;
}

int
git_smart_subtransport_http(void **out, void *owner, void *param)
{
	(void)owner;
	(void)param;
	*out = NULL;
	return -1;
}

int
git_smart_subtransport_ssh(void **out, void *owner, void *param)
{
	(void)owner;
	(void)param;
	*out = NULL;
	return -1;
}

int
git_transport_ssh_with_paths(void **out, void *owner, void *payload)
{
	(void)owner;
	(void)payload;
	*out = NULL;
	return -1;
}

int
git_http_auth_negotiate(void **out, const void *url)
{
	(void)url;
	*out = NULL;
	return -1;
}

int
git_http_auth_ntlm(void **out, const void *url)
{
	(void)url;
	*out = NULL;
	return -1;
}
