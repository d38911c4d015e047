#include "core/pgpsig.h"

#include <stdbool.h>
#include <string.h>

#include "core/wire.h"

#define PACKET_SIGNATURE 2
#define VERSION 4
#define OVER_BINARY 0x00

/* RFC 4880 section 9.1 and RFC 6637; 22 is EdDSA. */
#define RSA 1
#define ECDSA 19
#define EDDSA 22

static int
fault(struct pgpsig *sig, const char *code, struct err *err, const char *text)
{
	sig->fault = code;
	return err_set(err, ERR_INPUT, "%s", text);
}

static size_t
big_endian(struct wire *w, size_t len)
{
	struct wire_bytes bytes = wire_raw(w, len);
	size_t number = 0;

	for (size_t i = 0; i < bytes.len; i++)
		number = number << 8 | bytes.data[i];
	return number;
}

/* A packet whose length is said beforehand; its tag, or 0 for any other. */
static unsigned
read_packet(struct wire *w, struct wire_bytes *body)
{
	unsigned first = wire_byte(w), tag;
	size_t len;

	if ((first & 0xc0) == 0x80) { /* the old form */
		if ((first & 3) == 3)
			return 0;
		tag = first >> 2 & 15;
		len = big_endian(w, (size_t)1 << (first & 3));
	} else if ((first & 0xc0) == 0xc0) {
		tag = first & 63;
		len = wire_byte(w);
		if (len >= 224 && len < 255)
			return 0;
		if (len >= 192 && len < 224)
			len = ((len - 192) << 8) + wire_byte(w) + 192;
		else if (len == 255)
			len = big_endian(w, 4);
	} else {
		return 0;
	}
	*body = wire_raw(w, len);
	return w->failed ? 0 : tag;
}

/*
 * A number's bits.  No bit above those may be set; that the topmost is set is
 * asked of RSA only, where the length tells of the key (EdDSA's numbers are
 * strings of bytes, which may begin with zeros).
 */
static unsigned
read_number(struct wire *w, bool exact)
{
	size_t bits = big_endian(w, 2);
	struct wire_bytes number = wire_raw(w, (bits + 7) / 8);
	unsigned top;

	if (number.len == 0) {
		w->failed = true;
		return 0;
	}
	top = number.data[0] >> (bits - 1) % 8;
	if (top > 1 || (exact && top == 0))
		w->failed = true;
	return (unsigned)bits;
}

static int
read_body(struct pgpsig *sig, struct wire *w, struct err *err)
{
	unsigned version = wire_byte(w), over = wire_byte(w);
	unsigned algorithm = wire_byte(w), hash = wire_byte(w), bits;

	if (w->failed || version != VERSION)
		return fault(sig, "unknown-form", err,
		    "an OpenPGP signature of another version than 4");
	if (over != OVER_BINARY)
		return fault(sig, "unknown-form", err,
		    "not a signature of a binary document");
	if (algorithm != RSA && algorithm != ECDSA && algorithm != EDDSA)
		return fault(sig, "weak", err,
		    "signed with neither RSA, ECDSA nor EdDSA");
	if (hash < 8 || hash > 10)
		return fault(sig, "weak", err,
		    "hashed with neither SHA-256, SHA-384 nor SHA-512");
	wire_raw(w, big_endian(w, 2)); /* hashed subpackets */
	wire_raw(w, big_endian(w, 2)); /* the others */
	wire_raw(w, 2);                /* the hash's first bytes */
	bits = read_number(w, algorithm == RSA);
	if (algorithm == RSA)
		sig->rsa_bits = bits;
	else
		read_number(w, false);
	if (!wire_ended(w))
		return fault(sig, "malformed", err,
		    "an OpenPGP signature with more or less in it than there "
		    "should be");
	return 0;
}

int
pgpsig_parse(struct pgpsig *out, const unsigned char *data, size_t len,
    struct err *err)
{
	struct wire w = {.data = data, .len = len};
	struct wire_bytes body = {0}, second;
	struct wire inside;

	memset(out, 0, sizeof(*out));
	if (len > PGPSIG_SIZE_MAX || read_packet(&w, &body) != PACKET_SIGNATURE)
		return fault(out, "malformed", err,
		    "the armor holds no OpenPGP signature");
	if (w.len > 0) {
		bool one = read_packet(&w, &second) != PACKET_SIGNATURE;

		return fault(out, one ? "malformed" : "not-one", err,
		    "the armor holds more than one OpenPGP packet");
	}
	inside.data = body.data;
	inside.len = body.len;
	inside.failed = false;
	return read_body(out, &inside, err);
}
