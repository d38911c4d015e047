#include "base/build.h"

#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

static size_t
padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

/* One segment of notes: name and bytes behind a head that says how many. */
static bool
find_in(const char *at, const char *end, unsigned char *out)
{
	ElfW(Nhdr) n;

	while ((size_t)(end - at) >= sizeof(n)) {
		const char *name = at + sizeof(n);

		memcpy(&n, at, sizeof(n));
		if (padded(n.n_namesz) > (size_t)(end - name) ||
		    n.n_descsz > (size_t)(end - name) - padded(n.n_namesz))
			return false;
		at = name + padded(n.n_namesz);
		if (n.n_type == NT_GNU_BUILD_ID &&
		    n.n_namesz == sizeof("GNU") &&
		    memcmp(name, "GNU", sizeof("GNU")) == 0 &&
		    n.n_descsz == BUILD_ID_SIZE) {
			memcpy(out, at, BUILD_ID_SIZE);
			return true;
		}
		if (padded(n.n_descsz) > (size_t)(end - at))
			return false;
		at += padded(n.n_descsz);
	}
	return false;
}

static const char *
address(unsigned long number)
{
	uintptr_t a = number;
	const char *p;

	memcpy(&p, &a, sizeof(p));
	return p;
}

bool
build_id(unsigned char out[BUILD_ID_SIZE])
{
	const char *parts = address(getauxval(AT_PHDR));
	unsigned long count = getauxval(AT_PHNUM);
	bool fixed = false;
	ElfW(Phdr) p;

	if (parts == NULL || getauxval(AT_PHENT) != sizeof(p))
		return false;
	for (unsigned long i = 0; i < count; i++) {
		memcpy(&p, parts + i * sizeof(p), sizeof(p));
		if (p.p_type == PT_LOAD && p.p_offset == 0)
			fixed =
			    address(p.p_vaddr) + sizeof(ElfW(Ehdr)) == parts;
	}
	for (unsigned long i = 0; fixed && i < count; i++) {
		memcpy(&p, parts + i * sizeof(p), sizeof(p));
		if (p.p_type == PT_NOTE && p.p_align == 4 &&
		    find_in(address(p.p_vaddr), address(p.p_vaddr) + p.p_memsz,
		        out))
			return true;
	}
	return false;
}
