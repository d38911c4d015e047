/* Those who tell: do they still, and can they be trusted to? */
#include "app/doctor.h"

#include <string.h>

#include "app/secret_file.h"
#include "base/text.h"
#include "core/topics.h"
#include "edge/dial.h"

void
doctor_sources(struct notes *n, struct setup *s)
{
	(void)n;
	(void)s;
}
