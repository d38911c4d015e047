/*
 * receiver_load - signed deliveries over N connections, as fast as they are
 * answered; how many, how long each took.
 *
 *	receiver_load PORT PATH CONNECTIONS MS BODY SECRET
 *
 * BODY is a file of JSON that is an object.  Each delivery has a number of its
 * own behind its other keys, an id and a right X-Hub-Signature-256; the digest
 * of what is the same is made once, so the load costs little.  One line of JSON
 * tells the outcome.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/text.h"

#define CONNECTIONS_MAX 1024
#define SAMPLES_MAX 4000000
#define TAIL ",\"number\":\"%016llx\"}"
#define TAIL_SIZE 48
#define BLOCK 64

struct line {
	int fd;
	char head[512], tail[TAIL_SIZE], answer[4096];
	size_t head_len, tail_len, sent, got;
	int64_t began;
};

struct load {
	const char *path;
	char *body;
	size_t body_len; /* without its last brace */
	struct digest inner, outer;
	unsigned long long number, good, known, bad;
	uint32_t *samples; /* microseconds * 10 */
	size_t count;
	struct line lines[CONNECTIONS_MAX];
};

static int64_t
nanoseconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
fail(const char *what)
{
	perror(what);
	exit(3);
}

static void
read_body(struct load *l, const char *file)
{
	FILE *f = fopen(file, "rb");

	l->body = malloc(1 << 20);
	if (f == NULL || l->body == NULL)
		fail(file);
	l->body_len = fread(l->body, 1, 1 << 20, f);
	(void)fclose(f);
	while (l->body_len > 0 && l->body[l->body_len - 1] != '}')
		l->body_len--;
	if (l->body_len == 0)
		fail("no object");
	l->body_len--;
}

static void
begin_hmac(struct load *l, const char *secret)
{
	unsigned char block[BLOCK];

	memset(block, 0x36, sizeof(block));
	for (size_t i = 0; secret[i] != '\0' && i < BLOCK; i++)
		block[i] ^= (unsigned char)secret[i];
	digest_begin(&l->inner);
	digest_add(&l->inner, block, sizeof(block));
	digest_add(&l->inner, l->body, l->body_len);
	for (size_t i = 0; i < BLOCK; i++)
		block[i] ^= 0x36 ^ 0x5c;
	digest_begin(&l->outer);
	digest_add(&l->outer, block, sizeof(block));
}

static void
sign(const struct load *l, const struct line *line, char hex[DIGEST_HEX_SIZE])
{
	unsigned char digest[DIGEST_SIZE];
	struct digest d = l->inner;

	digest_add(&d, line->tail, line->tail_len);
	digest_end(&d, digest);
	d = l->outer;
	digest_add(&d, digest, sizeof(digest));
	digest_end(&d, digest);
	text_hex(hex, digest, sizeof(digest));
}

static void
make(struct load *l, struct line *line)
{
	char hex[DIGEST_HEX_SIZE];
	unsigned long long n = ++l->number;

	line->tail_len =
	    (size_t)snprintf(line->tail, sizeof(line->tail), TAIL, n);
	sign(l, line, hex);
	line->head_len = (size_t)snprintf(line->head, sizeof(line->head),
	    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	    "Content-Type: application/json\r\n"
	    "X-GitHub-Event: pull_request_review\r\n"
	    "X-GitHub-Delivery: load-%016llx\r\n"
	    "X-Hub-Signature-256: sha256=%s\r\nContent-Length: %zu\r\n\r\n",
	    l->path, n, hex, l->body_len + line->tail_len);
	line->sent = 0;
	line->got = 0;
	line->began = nanoseconds();
}

static bool
go_on(struct load *l, struct line *line)
{
	const struct {
		const char *data;
		size_t len;
	} parts[] = {{line->head, line->head_len}, {l->body, l->body_len},
	    {line->tail, line->tail_len}};
	struct iovec list[3];
	size_t skip = line->sent;
	int count = 0;
	ssize_t n;

	for (size_t i = 0; i < 3; i++) {
		if (skip >= parts[i].len) {
			skip -= parts[i].len;
			continue;
		}
		list[count++] =
		    (struct iovec){(void *)(uintptr_t)(parts[i].data + skip),
		        parts[i].len - skip};
		skip = 0;
	}
	if (count == 0)
		return true;
	n = writev(line->fd, list, count);
	if (n > 0)
		line->sent += (size_t)n;
	return n > 0 || errno == EAGAIN;
}

static bool
is_whole(const struct line *line)
{
	const char *end = text_find(line->answer, line->got, "\r\n\r\n");
	const char *length;

	if (end == NULL)
		return false;
	if (text_find(line->answer, line->got, "chunked") != NULL)
		return memcmp(line->answer + line->got - 5, "0\r\n\r\n", 5) ==
		    0;
	length = text_find(line->answer, line->got, "Content-Length: ");
	if (length == NULL)
		length = text_find(line->answer, line->got, "content-length: ");
	if (length == NULL)
		return true;
	return line->got >=
	    (size_t)(end + 4 - line->answer) + strtoul(length + 16, NULL, 10);
}

static bool
take(struct load *l, struct line *line)
{
	ssize_t n = read(line->fd, line->answer + line->got,
	    sizeof(line->answer) - line->got);

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	line->got += (size_t)n;
	if (!is_whole(line))
		return true;
	if (memcmp(line->answer + 9, "204", 3) == 0)
		l->good++;
	else if (memcmp(line->answer + 9, "200", 3) == 0)
		l->known++;
	else
		l->bad++;
	if (l->count < SAMPLES_MAX)
		l->samples[l->count++] =
		    (uint32_t)((nanoseconds() - line->began) / 100);
	make(l, line);
	return go_on(l, line);
}

static void
open_line(struct line *line, const char *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
	    .sin_addr = {htonl(INADDR_LOOPBACK)}};

	line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (line->fd < 0 ||
	    connect(line->fd, (const struct sockaddr *)(const void *)&a,
	        sizeof(a)) < 0 ||
	    fcntl(line->fd, F_SETFL, O_NONBLOCK) < 0)
		fail("connect");
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
tell(struct load *l, int64_t ns)
{
	size_t n = l->count;

	qsort(l->samples, n, sizeof(*l->samples), by_size);
	(void)printf("{\"answers\":%zu,\"per_second\":%.0f,\"stored\":%llu,"
	             "\"other_2xx\":%llu,\"refused\":%llu,\"p50_ms\":%.3f,"
	             "\"p99_ms\":%.3f,\"most_ms\":%.3f}\n",
	    n, (double)n * 1e9 / (double)ns, l->good, l->known, l->bad,
	    n > 0 ? l->samples[n / 2] / 1e4 : 0,
	    n > 0 ? l->samples[n * 99 / 100] / 1e4 : 0,
	    n > 0 ? l->samples[n - 1] / 1e4 : 0);
}

int
main(int argc, char **argv)
{
	struct load *l = calloc(1, sizeof(*l));
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int64_t begin, end;
	size_t lines;

	if (argc != 7 || l == NULL || epoll < 0)
		fail("usage: receiver_load PORT PATH CONNECTIONS MS BODY "
		     "SECRET");
	lines = strtoul(argv[3], NULL, 10);
	l->path = argv[2];
	l->samples = calloc(SAMPLES_MAX, sizeof(*l->samples));
	if (lines > CONNECTIONS_MAX || l->samples == NULL)
		fail("connections");
	l->number = (unsigned long long)nanoseconds();
	read_body(l, argv[5]);
	begin_hmac(l, argv[6]);
	begin = nanoseconds();
	end = begin + (int64_t)strtoul(argv[4], NULL, 10) * 1000000;
	for (size_t i = 0; i < lines; i++) {
		struct epoll_event e = {.events = EPOLLIN | EPOLLOUT |
		        (uint32_t)EPOLLET,
		    .data.ptr = &l->lines[i]};

		open_line(&l->lines[i], argv[1]);
		make(l, &l->lines[i]);
		(void)epoll_ctl(epoll, EPOLL_CTL_ADD, l->lines[i].fd, &e);
	}
	while (nanoseconds() < end) {
		struct epoll_event list[64];
		int n = epoll_wait(epoll, list, 64, 100);

		for (int i = 0; i < n; i++)
			if (((list[i].events & EPOLLOUT) != 0 &&
			        !go_on(l, list[i].data.ptr)) ||
			    ((list[i].events & EPOLLIN) != 0 &&
			        !take(l, list[i].data.ptr)))
				fail("a connection was closed");
	}
	tell(l, nanoseconds() - begin);
	return 0;
}
