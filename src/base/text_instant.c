#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define MS_SECOND ((int64_t)1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)
/* The first millisecond of the year 10000. */
#define INSTANT_END ((int64_t)253402300800000)

/*
 * Days since 1970-01-01 of a date of the Gregorian calendar.  Years are counted
 * from March, so that the day that is sometimes missing is a year's last.
 */
static int64_t
days_from_date(int year, int month, int day)
{
	int from_march = month > 2 ? month - 3 : month + 9;
	int64_t y = month > 2 ? year : year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 +
	    (from_march * 153 + 2) / 5 + day - 1 - 719468;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
	static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30,
	    31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* The inverse of days_from_date(): guess the year, put it right, count down. */
static void
date_from_days(int64_t days, int *year, int *month, int *day)
{
	int y = 1970 + (int)(days / 366);
	int m = 1;
	int64_t left;

	while (days_from_date(y + 1, 1, 1) <= days)
		y++;
	left = days - days_from_date(y, 1, 1);
	while (left >= days_in_month(y, m))
		left -= days_in_month(y, m++);
	*year = y;
	*month = m;
	*day = (int)left + 1;
}

static char *
put_digits(char *out, int number, int width)
{
	for (int i = width; i-- > 0; number /= 10)
		out[i] = (char)('0' + number % 10);
	return out + width;
}

void
text_instant(char out[TEXT_INSTANT_SIZE], int64_t instant)
{
	int year, month, day, rest;

	if (instant < 0 || instant >= INSTANT_END) {
		out[0] = '\0';
		return;
	}
	date_from_days(instant / MS_DAY, &year, &month, &day);
	rest = (int)(instant % MS_DAY);
	out = put_digits(out, year, 4);
	*out++ = '-';
	out = put_digits(out, month, 2);
	*out++ = '-';
	out = put_digits(out, day, 2);
	*out++ = 'T';
	out = put_digits(out, rest / (int)MS_HOUR, 2);
	*out++ = ':';
	out = put_digits(out, rest / (int)MS_MINUTE % 60, 2);
	*out++ = ':';
	out = put_digits(out, rest / (int)MS_SECOND % 60, 2);
	*out++ = '.';
	out = put_digits(out, rest % (int)MS_SECOND, 3);
	memcpy(out, "Z", sizeof("Z"));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Exactly `width` digits, no more than `most`; moves `*text` behind them. */
static bool
take_number(const char **text, int width, int most, int *number)
{
	*number = 0;
	for (; width > 0; width--, ++*text) {
		if (!is_digit(**text))
			return false;
		*number = *number * 10 + (**text - '0');
	}
	return *number <= most;
}

static bool
take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

static bool
take_date(const char **text, int64_t *days)
{
	int year, month, day;

	if (!take_number(text, 4, 9999, &year) || !take_char(text, '-') ||
	    !take_number(text, 2, 12, &month) || !take_char(text, '-') ||
	    !take_number(text, 2, 31, &day))
		return false;
	if (year < 1 || month < 1 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	*days = days_from_date(year, month, day);
	return true;
}

/* ".5", ".123456": at least one digit; three of them count. */
static bool
take_fraction(const char **text, int *ms)
{
	int worth = 100;

	*ms = 0;
	if (!take_char(text, '.'))
		return true;
	if (!is_digit(**text))
		return false;
	for (; is_digit(**text); ++*text, worth /= 10)
		*ms += worth * (**text - '0');
	return true;
}

static bool
take_time(const char **text, int64_t *ms)
{
	int hour, minute, second, rest;

	if (!take_number(text, 2, 23, &hour) || !take_char(text, ':') ||
	    !take_number(text, 2, 59, &minute) || !take_char(text, ':') ||
	    !take_number(text, 2, 59, &second) || !take_fraction(text, &rest))
		return false;
	*ms = hour * MS_HOUR + minute * MS_MINUTE + second * MS_SECOND + rest;
	return true;
}

static bool
take_offset(const char **text, int64_t *ms)
{
	bool west = **text == '-';
	int hour, minute;

	*ms = 0;
	if (take_char(text, 'Z') || take_char(text, 'z'))
		return true;
	if (!take_char(text, west ? '-' : '+') ||
	    !take_number(text, 2, 23, &hour) || !take_char(text, ':') ||
	    !take_number(text, 2, 59, &minute))
		return false;
	*ms = hour * MS_HOUR + minute * MS_MINUTE;
	if (west)
		*ms = -*ms;
	return true;
}

bool
text_parse_instant(const char *text, int64_t *instant)
{
	int64_t days, time = 0, offset = 0, at;

	if (text == NULL || !take_date(&text, &days))
		return false;
	if (*text != '\0') {
		if (!take_char(&text, 'T') && !take_char(&text, 't'))
			return false;
		if (!take_time(&text, &time) || !take_offset(&text, &offset))
			return false;
	}
	at = days * MS_DAY + time - offset;
	if (*text != '\0' || at <= 0 || at >= INSTANT_END)
		return false;
	*instant = at;
	return true;
}

static const struct unit {
	char name;
	int64_t ms;
} units[] = {
    {'d', MS_DAY},
    {'h', MS_HOUR},
    {'m', MS_MINUTE},
    {'s', MS_SECOND},
};
#define UNITS (sizeof(units) / sizeof(units[0]))

bool
text_parse_duration(const char *text, int64_t *duration)
{
	int64_t number = 0;

	if (text == NULL || !is_digit(*text))
		return false;
	for (; is_digit(*text); text++) {
		number = number * 10 + (*text - '0');
		if (number > TEXT_DURATION_MAX / MS_SECOND)
			return false;
	}
	if (*text == '\0' || text[1] != '\0')
		return false;
	for (size_t i = 0; i < UNITS; i++) {
		if (units[i].name != *text)
			continue;
		if (number > TEXT_DURATION_MAX / units[i].ms)
			return false;
		*duration = number * units[i].ms;
		return true;
	}
	return false;
}

/* Unsigned, so that the least int64_t has a magnitude too. */
void
text_duration(char out[32], int64_t duration)
{
	uint64_t left =
	    duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
	const char *sign = duration < 0 ? "-" : "";
	size_t i = 0;
	uint64_t first, second;

	if (left < (uint64_t)MS_SECOND) {
		snprintf(out, 32, left == 0 ? "0s" : "%s%ums", sign,
		    (unsigned)left);
		return;
	}
	while (left < (uint64_t)units[i].ms)
		i++;
	first = left / (uint64_t)units[i].ms;
	left %= (uint64_t)units[i].ms;
	second = i + 1 < UNITS ? left / (uint64_t)units[i + 1].ms : 0;
	if (second == 0)
		snprintf(out, 32, "%s%llu%c", sign, (unsigned long long)first,
		    units[i].name);
	else
		snprintf(out, 32, "%s%llu%c %u%c", sign,
		    (unsigned long long)first, units[i].name, (unsigned)second,
		    units[i + 1].name);
}
