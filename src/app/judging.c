#include "app/judging.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/parcel.h"

static int
ended(struct err *err)
{
	return err_set(err, ERR_UNREACHABLE, "the other side is gone");
}

static int
read_whole(int fd, void *data, size_t len, struct err *err)
{
	char *at = data;

	while (len > 0) {
		ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ended(err);
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
write_whole(int fd, const void *data, size_t len, struct err *err)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ended(err);
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int
judging_read(int fd, enum judging_kind *kind, struct buf *parcel,
    struct err *err)
{
	unsigned char head[JUDGING_HEAD];
	struct wire at = {head, sizeof(head), false};
	char piece[65536];
	size_t len;

	buf_clear(parcel);
	if (read_whole(fd, head, sizeof(head), err) < 0)
		return -1;
	*kind = (enum judging_kind)wire_byte(&at);
	len = wire_u32(&at);
	if (len > PARCEL_MAX)
		return ended(err);
	while (len > 0) {
		size_t part = len < sizeof(piece) ? len : sizeof(piece);

		if (read_whole(fd, piece, part, err) < 0)
			return -1;
		buf_add(parcel, piece, part);
		len -= part;
	}
	return 0;
}

int
judging_write(int fd, enum judging_kind kind, const void *parcel, size_t len,
    struct err *err)
{
	struct buf head = {0};
	int ret;

	buf_char(&head, (char)kind);
	wire_put_u32(&head, (uint32_t)len);
	ret = write_whole(fd, head.data, head.len, err);
	buf_free(&head);
	return ret < 0 ? -1 : write_whole(fd, parcel, len, err);
}
