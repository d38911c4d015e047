#include "edge/seal_stamp.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

#include "edge/seal_file.h"

int
seal_stamp_nonce(unsigned char nonce[SEAL_NONCE_SIZE], struct err *err)
{
	seal_set_up();
	if (RAND_bytes(nonce, SEAL_NONCE_SIZE) != 1)
		return err_set(err, ERR_SYSTEM,
		    "no random numbers for a time stamp");
	nonce[0] = (unsigned char)((nonce[0] & 0x7f) | 0x40);
	return 0;
}

static ASN1_INTEGER *
number(const unsigned char nonce[SEAL_NONCE_SIZE])
{
	BIGNUM *n = BN_bin2bn(nonce, SEAL_NONCE_SIZE, NULL);
	ASN1_INTEGER *out = n == NULL ? NULL : BN_to_ASN1_INTEGER(n, NULL);

	BN_free(n);
	return out;
}

/* NULL when memory ran out. */
static TS_MSG_IMPRINT *
imprint_of(const unsigned char digest[DIGEST_SIZE])
{
	unsigned char copy[DIGEST_SIZE];
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *sha256 = X509_ALGOR_new();

	memcpy(copy, digest, DIGEST_SIZE);
	if (imprint == NULL || sha256 == NULL ||
	    X509_ALGOR_set0(sha256, OBJ_nid2obj(NID_sha256), V_ASN1_NULL,
	        NULL) != 1 ||
	    TS_MSG_IMPRINT_set_algo(imprint, sha256) != 1 ||
	    TS_MSG_IMPRINT_set_msg(imprint, copy, DIGEST_SIZE) != 1) {
		TS_MSG_IMPRINT_free(imprint);
		imprint = NULL;
	}
	X509_ALGOR_free(sha256);
	return imprint;
}

int
seal_stamp_query(struct buf *out, const unsigned char digest[DIGEST_SIZE],
    const unsigned char nonce[SEAL_NONCE_SIZE], struct err *err)
{
	TS_MSG_IMPRINT *imprint = imprint_of(digest);
	ASN1_INTEGER *n = number(nonce);
	TS_REQ *query = TS_REQ_new();
	unsigned char *der = NULL;
	int len = -1;

	if (imprint != NULL && n != NULL && query != NULL &&
	    TS_REQ_set_version(query, 1) == 1 &&
	    TS_REQ_set_msg_imprint(query, imprint) == 1 &&
	    TS_REQ_set_nonce(query, n) == 1 &&
	    TS_REQ_set_cert_req(query, 1) == 1)
		len = i2d_TS_REQ(query, &der);
	if (len > 0)
		buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	TS_REQ_free(query);
	ASN1_INTEGER_free(n);
	TS_MSG_IMPRINT_free(imprint);
	if (len > 0)
		return 0;
	return err_set(err, ERR_SYSTEM,
	    "libcrypto does not make the query for a time stamp");
}

static int
read_time(int64_t *out, const TS_RESP *answer, struct err *err)
{
	TS_RESP *a = (TS_RESP *)answer;
	const TS_TST_INFO *info = TS_RESP_get_tst_info(a);
	struct tm tm;
	time_t t;

	if (info == NULL ||
	    ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm) != 1 ||
	    (t = timegm(&tm)) <= 0)
		return err_set(err, ERR_INPUT, "the time stamp has no time");
	*out = (int64_t)t * 1000;
	return 0;
}

/* The certificates of `ca_file`, for a chain as it was at that time. */
static X509_STORE *
authorities(const char *ca_file, int64_t time)
{
	X509_STORE *store = X509_STORE_new();

	if (store != NULL && X509_STORE_load_file(store, ca_file) == 1) {
		X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store),
		    (time_t)(time / 1000));
		return store;
	}
	X509_STORE_free(store);
	return NULL;
}

/* `ctx` owns what it is given. */
static TS_VERIFY_CTX *
what_to_verify(const unsigned char digest[DIGEST_SIZE],
    const unsigned char *nonce, X509_STORE *store)
{
	TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	TS_REQ *query = NULL;
	struct buf der = {0};
	struct err ignored = {0};
	unsigned char any[SEAL_NONCE_SIZE] = {1};
	const unsigned char *at;
	unsigned flags =
	    TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNER | TS_VFY_SIGNATURE;

	if (seal_stamp_query(&der, digest, nonce != NULL ? nonce : any,
	        &ignored) == 0) {
		at = (const unsigned char *)der.data;
		query = d2i_TS_REQ(NULL, &at, (long)der.len);
	}
	if (ctx == NULL || query == NULL ||
	    TS_REQ_to_TS_VERIFY_CTX(query, ctx) == NULL)
		err_fatal("out of memory");
	flags =
	    TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNER | TS_VFY_SIGNATURE;
	if (nonce != NULL)
		flags |= TS_VFY_NONCE;
	(void)TS_VERIFY_CTX_set_flags(ctx, (int)flags);
	(void)TS_VERIFY_CTX_set_store(ctx, store);
	TS_REQ_free(query);
	buf_free(&der);
	return ctx;
}

static int
declined(struct err *err)
{
	unsigned long code = ERR_peek_last_error();
	const char *why = ERR_reason_error_string(code);

	err_set(err, ERR_TAMPERED, "the time stamp does not hold: %s",
	    why != NULL ? why : "for no reason that libcrypto tells");
	ERR_clear_error();
	return -1;
}

static int
verify(TS_RESP *answer, const unsigned char digest[DIGEST_SIZE],
    const unsigned char *nonce, const char *ca_file, int64_t time,
    struct err *err)
{
	X509_STORE *store = authorities(ca_file, time);
	TS_VERIFY_CTX *ctx;
	bool holds;

	ERR_clear_error();
	if (store == NULL)
		return err_set(err, ERR_CONFIG,
		    "'%s' holds no certificates of a time stamp's authority",
		    ca_file);
	ctx = what_to_verify(digest, nonce, store);
	holds = TS_RESP_verify_response(ctx, answer) == 1;
	TS_VERIFY_CTX_free(ctx);
	return holds ? 0 : declined(err);
}

int
seal_stamp_check(int64_t *time, const unsigned char digest[DIGEST_SIZE],
    const unsigned char *nonce, const char *ca_file, const void *data,
    size_t len, struct err *err)
{
	const unsigned char *at = data;
	TS_RESP *answer = NULL;
	int64_t when = 0;
	int ret = -1;

	seal_set_up();
	if (len > 0 && len <= SEAL_STAMP_MAX)
		answer = d2i_TS_RESP(NULL, &at, (long)len);
	if (answer == NULL || at != (const unsigned char *)data + len) {
		ERR_clear_error();
		err_set(err, ERR_INPUT, "this is no answer with a time stamp");
	} else if (TS_RESP_get_tst_info(answer) == NULL) {
		err_set(err, ERR_INPUT,
		    "the time stamp's authority declined (status %ld)",
		    ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(
		        TS_RESP_get_status_info(answer))));
	} else if (read_time(&when, answer, err) == 0) {
		ret = verify(answer, digest, nonce, ca_file, when, err);
	}
	TS_RESP_free(answer);
	if (ret == 0)
		*time = when;
	return ret;
}
