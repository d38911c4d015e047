# foureyes.  Objects live in build/<variant>/; V=1 shows whole commands.
VARIANT ?= release
B := build/$(VARIANT)
CC ?= gcc
CSTD := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wconversion -Wformat=2 -Wswitch-enum -Wundef
OPT_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
OPT_san := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_debug := -O0 -g
OPT := $(OPT_$(VARIANT))
WERROR ?= -Werror
CFLAGS += $(CSTD) $(WARN) $(WERROR) $(OPT) -Iinclude -MMD -MP -fno-pie
LDFLAGS += -no-pie -Wl,-z,relro,-z,now
# libgit2 stands still without its transports: src/edge/no_transports.c
# answers for them, so the archive's members for the network are never taken.
STATIC := -Wl,-Bstatic -lgit2 -lhttp_parser -lpcre2-8 -lmbedcrypto -lz \
	-ljansson -lyaml -lsqlite3 -lcrypto -Wl,-Bdynamic -lm

LIB_SRC := $(wildcard src/base/*.c src/core/*.c src/edge/*.c)
APP_SRC := $(wildcard src/app/*.c)
LIB_OBJ := $(LIB_SRC:src/%.c=$(B)/%.o)
APP_OBJ := $(APP_SRC:src/%.c=$(B)/%.o)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$1' '$2';)

all: $(B)/foureyes

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS) -c -o $@ $<

$(B)/foureyes: $(LIB_OBJ) $(APP_OBJ)
	$(call say,LD,$@)$(CC) $(OPT) $(LDFLAGS) -o $@ $^ $(STATIC)

# A unit test is one file, linked with everything but app.
$(B)/test/%: tests/unit/%.c $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS) $(LDFLAGS) -Itests/unit -o $@ $< $(LIB_OBJ) $(STATIC) -lcmocka

clean:
	rm -rf build

-include $(LIB_OBJ:.o=.d) $(APP_OBJ:.o=.d)
.PHONY: all clean
