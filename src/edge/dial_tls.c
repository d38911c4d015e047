/*
 * TLS 1.2 or newer over a connection: the other side has a certificate for its
 * name that the given authorities vouch for, or nothing is said to it.
 */
#include <arpa/inet.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "dial_inside.h"

static int
wrong(const char *what, struct err *err)
{
	char text[160] = "no reason given";
	unsigned long code = ERR_get_error();

	if (code != 0)
		ERR_error_string_n(code, text, sizeof(text));
	return err_set(err, ERR_UNREACHABLE, "%s: %s", what, text);
}

/* Wait for what the last call needs, or say why it failed for good. */
static int
go_on(struct dial *d, int ret, const char *what, struct err *err)
{
	int why = SSL_get_error(d->tls, ret);
	long verified = SSL_get_verify_result(d->tls);

	if (why == SSL_ERROR_WANT_READ)
		return dial_wait(d, POLLIN, err);
	if (why == SSL_ERROR_WANT_WRITE)
		return dial_wait(d, POLLOUT, err);
	if (verified != X509_V_OK)
		return err_set(err, ERR_UNREACHABLE,
		    "its certificate is not taken: %s",
		    X509_verify_cert_error_string(verified));
	return wrong(what, err);
}

static int
name_host(struct dial *d, const char *host, struct err *err)
{
	unsigned char address[16];
	X509_VERIFY_PARAM *param = SSL_get0_param(d->tls);

	if (inet_pton(AF_INET, host, address) == 1 ||
	    inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1
		    ? 0
		    : wrong(host, err);
	if (SSL_set_tlsext_host_name(d->tls, host) != 1 ||
	    SSL_set1_host(d->tls, host) != 1)
		return wrong(host, err);
	return 0;
}

/* Who we are, where the other side asks. */
static int
show_ourselves(struct dial *d, const struct dial_how *how, struct err *err)
{
	if (how->certificate == NULL || how->key == NULL)
		return 0;
	if (SSL_CTX_use_certificate_chain_file(d->context, how->certificate) !=
	    1)
		return wrong(how->certificate, err);
	if (SSL_CTX_use_PrivateKey_file(d->context, how->key,
	        SSL_FILETYPE_PEM) != 1)
		return wrong(how->key, err);
	return 0;
}

static int
set_up(struct dial *d, const char *host, const struct dial_how *how,
    struct err *err)
{
	const char *ca_file = how->ca_file;

	/* No openssl.cnf: what is asked stands here. */
	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return wrong("TLS", err);
	d->context = SSL_CTX_new(TLS_client_method());
	if (d->context == NULL ||
	    SSL_CTX_set_min_proto_version(d->context, TLS1_2_VERSION) != 1)
		return wrong("TLS", err);
	SSL_CTX_set_verify(d->context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(d->context, SSL_MODE_ENABLE_PARTIAL_WRITE);
	if (ca_file != NULL ? SSL_CTX_load_verify_file(d->context, ca_file) != 1
	                    : SSL_CTX_set_default_verify_paths(d->context) != 1)
		return wrong(ca_file != NULL ? ca_file : "certificates", err);
	if (show_ourselves(d, how, err) < 0)
		return -1;
	d->tls = SSL_new(d->context);
	if (d->tls == NULL || SSL_set_fd(d->tls, d->fd) != 1)
		return wrong("TLS", err);
	return name_host(d, host, err);
}

int
dial_tls_start(struct dial *d, const char *host, const struct dial_how *how,
    struct err *err)
{
	int ret;

	if (set_up(d, host, how, err) < 0)
		return -1;
	while ((ret = SSL_connect(d->tls)) != 1)
		if (go_on(d, ret, "TLS", err) < 0)
			return err_within(err, "'%s'", host);
	return 0;
}

int
dial_tls_write(struct dial *d, const void *data, size_t len, struct err *err)
{
	const char *at = data;

	while (len > 0) {
		int part = len < INT_MAX ? (int)len : INT_MAX;
		int n = SSL_write(d->tls, at, part);

		if (n <= 0) {
			if (go_on(d, n, "sending", err) < 0)
				return -1;
			continue;
		}
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t
dial_tls_read(struct dial *d, void *data, size_t size, struct err *err)
{
	for (;;) {
		int n = SSL_read(d->tls, data,
		    size < INT_MAX ? (int)size : INT_MAX);

		if (n > 0)
			return n;
		if (SSL_get_error(d->tls, n) == SSL_ERROR_ZERO_RETURN)
			return 0;
		if (go_on(d, n, "receiving", err) < 0)
			return -1;
	}
}

/* That nothing more comes.  A server that only reads need not answer that. */
int
dial_tls_say_end(struct dial *d, struct err *err)
{
	int ret;

	while ((ret = SSL_shutdown(d->tls)) < 0)
		if (go_on(d, ret, "ending", err) < 0)
			return -1;
	return 0;
}

void
dial_tls_end(struct dial *d)
{
	SSL_free(d->tls);
	SSL_CTX_free(d->context);
	d->tls = NULL;
	d->context = NULL;
}
