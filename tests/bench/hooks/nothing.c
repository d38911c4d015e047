/*
 * A hook that lets everything through: what starting a process costs.  With
 * the name of a file as SYNCED it also appends a record's worth of bytes to it
 * and waits for the disk, which whoever records a decision has to do.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
main(void)
{
#ifdef SYNCED
	char line[700];
	int fd = open(SYNCED, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0660);

	memset(line, 'x', sizeof(line));
	if (fd < 0 || write(fd, line, sizeof(line)) < 0 || fdatasync(fd) < 0)
		return 1;
#endif
	return 0;
}
