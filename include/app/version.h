/*
 * version - what this program calls itself, in records too.
 */
#ifndef APP_VERSION_H
#define APP_VERSION_H

#define FOUREYES_VERSION "0.1"

#endif
