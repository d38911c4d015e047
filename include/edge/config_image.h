/*
 * config_image - the three files as they were read once, kept beside them.
 *
 * Reading 10,000 people takes some hundred times as long as all else that a
 * hook does.  So whoever may write the configuration's directory leaves there
 * what reading came to: the memory itself, to be mapped at the address it was
 * made at.  config_compile() makes it; a hook takes it by config_image_map().
 *
 * It is taken only where it must say what the files say:
 *
 *	the same build of the same program made it: by the linker's build id,
 *	which is also part of the file's name
 *	each file is the one that was read: inode, size, both times, owner and
 *	mode; making waits until a later change must show in those
 *	it belongs to root or to the directory's owner, and neither its group
 *	nor others may write it, nor the directory: so nobody could put it there
 *	who could not put people.yaml there, the hook user least of all
 *
 * In every other case, and where the address is taken, the files are read as if
 * it was not there, with the errors that they deserve.  It decides nothing.
 */
#ifndef EDGE_CONFIG_IMAGE_H
#define EDGE_CONFIG_IMAGE_H

#include <stdbool.h>

#include "edge/config.h"

#define CONFIG_IMAGE "compiled-" /* and 16 digits of the build id */
#define CONFIG_IMAGE_MAX ((size_t)1 << 30)

/* `*out` is whole, or nothing of it is touched.  Lives until the end. */
bool config_image_map(struct config *out, int dir_fd);

#endif
