/*
 * build - which build of the program is running.
 *
 * The linker leaves in the program a digest of all that it put there (its build
 * id), so two programs with one id have the same code and constants at the same
 * addresses.
 */
#ifndef BASE_BUILD_H
#define BASE_BUILD_H

#include <stdbool.h>

#define BUILD_ID_SIZE 20

/* False: the program was linked without one, or lies at no fixed address. */
bool build_id(unsigned char out[BUILD_ID_SIZE]);

#endif
