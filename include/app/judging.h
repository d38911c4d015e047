/*
 * judging - deciding what was handed over, in a process of its own.
 *
 * foureyesd starts `foureyes judge` for each push that a hook hands over, and
 * carries messages between the two: a byte that says what it is, four bytes of
 * length, a parcel (core/parcel.h).  So the code, the program and the rights
 * are those of a hook that judges where it runs, and bytes made to harm it harm
 * one push.
 */
#ifndef APP_JUDGING_H
#define APP_JUDGING_H

#include "base/buf.h"
#include "base/err.h"

#define JUDGING_HEAD 5 /* bytes before each parcel */

enum judging_kind {
	JUDGING_GIVEN = 'g', /* to the judge: what the hook sent */
	JUDGING_NEED = 'n',  /* from it: it goes on once it has that */
	JUDGING_ANSWER = 'a' /* from it: the last one */
};

/*
 * One message, whole.  A peer that ends, or one longer than PARCEL_MAX, is
 * ERR_UNREACHABLE.
 */
int judging_read(int fd, enum judging_kind *kind, struct buf *parcel,
    struct err *err) must_check;
int judging_write(int fd, enum judging_kind kind, const void *parcel,
    size_t len, struct err *err) must_check;

#endif
