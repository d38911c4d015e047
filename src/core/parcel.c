#include "core/parcel.h"

#include <string.h>

#define OBJECT_HEAD (PARCEL_ID_SIZE + 2 + 4)

void
parcel_add(struct buf *out, enum parcel_kind kind, const void *data, size_t len)
{
	buf_char(out, (char)kind);
	wire_put_string(out, data, len);
}

void
parcel_text(struct buf *out, enum parcel_kind kind, const char *text)
{
	parcel_add(out, kind, text, strlen(text));
}

void
parcel_begin(struct buf *out)
{
	parcel_text(out, PARCEL_BEGIN, PARCEL_FORMAT);
}

void
parcel_add_object(struct buf *out, const struct parcel_object *o)
{
	size_t len = o->data != NULL ? o->len : 0;

	buf_char(out, PARCEL_OBJECT);
	wire_put_u32(out, (uint32_t)(OBJECT_HEAD + len));
	buf_add(out, o->id, PARCEL_ID_SIZE);
	buf_char(out, (char)o->kind);
	buf_char(out,
	    (char)(o->flags | (o->data != NULL ? PARCEL_IS_WHOLE : 0)));
	wire_put_u32(out, o->len > UINT32_MAX ? UINT32_MAX : (uint32_t)o->len);
	if (len > 0)
		buf_add(out, o->data, len);
}

int
parcel_next(struct wire *at, struct parcel_part *out, struct err *err)
{
	struct wire_bytes bytes;

	if (wire_ended(at))
		return 0;
	out->kind = (char)wire_byte(at);
	bytes = wire_string(at);
	if (at->failed)
		return err_set(err, ERR_INPUT,
		    "what was handed over is cut off");
	out->data = (const char *)bytes.data;
	out->len = bytes.len;
	return 1;
}

int
parcel_open(struct wire *at, const void *data, size_t len, struct err *err)
{
	struct parcel_part first = {0};
	struct err ignored = {0};

	*at = (struct wire){.data = data, .len = len};
	if (len > PARCEL_MAX)
		return err_set(err, ERR_INPUT,
		    "more than %zu bytes were handed over at once", PARCEL_MAX);
	if (parcel_next(at, &first, &ignored) <= 0 ||
	    first.kind != PARCEL_BEGIN || first.len != strlen(PARCEL_FORMAT) ||
	    memcmp(first.data, PARCEL_FORMAT, first.len) != 0)
		return err_set(err, ERR_INPUT,
		    "what was handed over is not of the form '" PARCEL_FORMAT
		    "': is the other side of this version?");
	return 0;
}

int
parcel_object(const struct parcel_part *part, struct parcel_object *out,
    struct err *err)
{
	struct wire at = {(const unsigned char *)part->data, part->len, false};
	struct wire_bytes id = wire_raw(&at, PARCEL_ID_SIZE);

	*out = (struct parcel_object){0};
	out->kind = wire_byte(&at);
	out->flags = wire_byte(&at);
	out->len = wire_u32(&at);
	if (at.failed)
		return err_set(err, ERR_INPUT,
		    "an object that was handed over is cut off");
	memcpy(out->id, id.data, PARCEL_ID_SIZE);
	if ((out->flags & PARCEL_IS_WHOLE) == 0)
		return 0;
	if (at.len != out->len)
		return err_set(err, ERR_INPUT,
		    "an object that was handed over has another length than "
		    "it says");
	out->data = (const char *)at.data;
	return 0;
}
