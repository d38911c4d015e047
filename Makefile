# foureyes.  Objects live in build/<variant>/; V=1 shows whole commands.
#
#	make			the programs
#	make demo		watch it work, on throw-away directories
#	make check		everything that must hold, and a count at the end
#	make test, make real	the two halves of that: inside, outside
#	make lint		style, floors, purity, sizes, documents
#	make san, valgrind	`make test` under sanitizers, under valgrind
#	make fuzz DOOR=text T=60	libFuzzer on one door
#	make mutants		break each guard of each rule, see a golden case fail
#	make cover, make bench, make bench-ledger, make bench-report,
#	make bench-receiver, make bench-big, make clean-room
#	make install DESTDIR= PREFIX=/usr/local, make deb
VARIANT ?= release
B := build/$(VARIANT)
CC ?= gcc
PREFIX ?= /usr/local
CSTD := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wconversion -Wformat=2 -Wswitch-enum -Wundef
OPT_release := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong
OPT_san := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_debug := -O0 -g
OPT_cover := -O0 -g --coverage
OPT_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
OPT := $(OPT_$(VARIANT))
WERROR ?= -Werror
# Debian keeps libpq's header in a directory of its own.
CPPFLAGS += $(CSTD) -Iinclude -isystem /usr/include/postgresql
CFLAGS += $(WARN) $(WERROR) $(OPT) -MMD -MP -fno-pie
# The build id: whose memory a compiled configuration is (config_image.h).
LDFLAGS += -no-pie -Wl,-z,relro,-z,now -Wl,--build-id=sha1
# libgit2 stands still without its transports: src/edge/no_transports.c
# answers for them, so the archive's members for the network are never taken.
# Likewise no_maths.c for SQLite: what it lacks, and only that, is libm's.
STATIC := -Wl,-Bstatic -lgit2 -lhttp_parser -lpcre2-8 -lmbedcrypto -lz \
	-ljansson -lyaml -lsqlite3 -lssl -lcrypto -Wl,-Bdynamic -Wl,--as-needed -lm

# foureyesd alone goes to the network: it is linked with libcurl, and shares
# libcrypto, zlib and libm with it instead of having its own.
DAEMON_SRC := $(wildcard src/app/daemon_*.c src/app/receiver*.c) src/edge/http.c \
	$(wildcard src/edge/forge*.c src/edge/listen*.c src/edge/ledger_postgresql*.c)
# And foureyes-workbook alone has libxlsxwriter, which is no archive in Debian.
WORKBOOK_SRC := $(wildcard src/app/workbook_*.c src/edge/workbook*.c)
OTHER_SRC := $(DAEMON_SRC) $(WORKBOOK_SRC)
STATIC_DAEMON := -Wl,-Bstatic -lgit2 -lhttp_parser -lpcre2-8 -lmbedcrypto \
	-ljansson -lyaml -lsqlite3 -Wl,-Bdynamic -lssl -lcrypto -lz -lm -lcurl -lmicrohttpd -lpq

LIB_SRC := $(filter-out $(OTHER_SRC),$(wildcard src/base/*.c src/core/*.c src/edge/*.c))
APP_SRC := $(filter-out $(OTHER_SRC),$(wildcard src/app/*.c))
DAEMON_OBJ := $(DAEMON_SRC:src/%.c=$(B)/%.o)
WORKBOOK_OBJ := $(WORKBOOK_SRC:src/%.c=$(B)/%.o)
LIB_OBJ := $(LIB_SRC:src/%.c=$(B)/%.o)
APP_OBJ := $(APP_SRC:src/%.c=$(B)/%.o)
CORE_OBJ := $(filter $(B)/core/%,$(LIB_OBJ))

UNIT_SRC := $(wildcard tests/unit/test_*.c tests/golden/golden*.c)
UNIT := $(addprefix $(B)/test/,$(basename $(notdir $(UNIT_SRC))))
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ := $(FUZZ_SRC:tests/fuzz/fuzz_%.c=$(B)/fuzz/%)
C_ALL := $(LIB_SRC) $(APP_SRC) $(OTHER_SRC) $(UNIT_SRC) $(FUZZ_SRC) \
	tests/fuzz/standalone.c $(wildcard tests/bench/*.c tests/big/*.c) \
	tests/page/writer.c tests/page/ask.c tests/payloads/reader.c tests/year/clock.c \
	tests/forge/observe.c tests/forge/asker.c
H_ALL := $(wildcard include/*/*.h tests/unit/*.h src/*/*.h)
SH_ALL := .ci/run tests/run contrib/git-approve \
	$(wildcard contrib/*.sh contrib/deb/*.sh contrib/deb/*.p* contrib/completions/*.bash \
	tests/*.sh tests/*/*.sh tests/bench/run)
MAN := $(wildcard docs/*.1 docs/*.5 docs/*.8)

# The same program without any shared library, for hooks in a chroot with nothing
# else in it.  A sanitizer's runtime is none.
STATIC_PROGRAM := $(if $(filter san,$(VARIANT)),,$(B)/foureyes-static)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$1' '$2';)
# A second make of the same file, when the first had to install things first.
AGAIN = +$(Q)$(MAKE) --no-print-directory -j$(or $(JOBS),2)

PROGRAMS := $(B)/foureyes $(B)/foureyesd $(B)/foureyes-workbook $(STATIC_PROGRAM)
all: $(PROGRAMS)

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# The samples are part of the program (src/app/templates.c).
$(B)/app/templates.o: $(wildcard config/*.yaml)
# And so is the auditor's page (src/app/page_pieces.c).
$(B)/app/page_pieces.o: $(wildcard src/page/*)

$(B)/foureyes: $(LIB_OBJ) $(APP_OBJ)
	$(call say,LD,$@)$(CC) $(OPT) $(LDFLAGS) -o $@ $^ $(STATIC)

# Accounts have names there only as far as /etc/passwd has them: that is what the
# linker would warn of.
# It begins in src/app/early.c where that knows the machine.
comma := ,
EARLY := $(if $(filter x86_64%,$(shell $(CC) -dumpmachine)),-Wl$(comma)-e$(comma)early_begin)
$(B)/foureyes-static: $(LIB_OBJ) $(APP_OBJ)
	$(call say,LD,$@)$(CC) $(OPT) $(LDFLAGS) -static -Wl,--no-warnings $(EARLY) -o $@ $^ $(filter -l%,$(STATIC))

$(B)/foureyesd: $(filter-out %/no_maths.o,$(LIB_OBJ)) $(filter-out %/main.o,$(APP_OBJ)) $(DAEMON_OBJ)
	$(call say,LD,$@)$(CC) $(OPT) $(LDFLAGS) -Wl,--exclude-libs,ALL -o $@ $^ $(STATIC_DAEMON)

$(B)/foureyes-workbook: $(WORKBOOK_OBJ) $(addprefix $(B)/base/,buf.o err.o pool.o text.o $(notdir $(patsubst %.c,%.o,$(wildcard src/base/text_*.c))))
	$(call say,LD,$@)$(CC) $(OPT) $(LDFLAGS) -o $@ $^ -lxlsxwriter

# What the programs of tests take of these objects: a list of them, so that each
# is linked with what it needs and no more.  What stands in for members of
# Debian's archives is no member, and has to come before those.
STAND_IN := $(B)/edge/no_transports.o $(B)/edge/no_maths.o
$(B)/lib.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR,$@)ar rcsT $@ $(filter-out $(STAND_IN),$^)
LIB := $(B)/lib.a
TAKE_LIB := $(LIB) $(STAND_IN)

# A unit test is one file, linked with what it takes of everything but app.
UNIT_LINK = $(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d -MT $@ $(LDFLAGS) -Itests/unit -o $@ $< \
	$(UNIT_APP) $(TAKE_LIB) $(STATIC) -lcmocka
# But for what of app needs nothing else of it.
$(B)/test/test_csv: $(B)/app/csv.o
$(B)/test/test_csv: UNIT_APP = $(B)/app/csv.o
$(B)/test/test_fold: $(B)/app/fold.o
$(B)/test/test_fold: UNIT_APP = $(B)/app/fold.o
$(B)/test/test_pack: $(B)/app/csv.o $(B)/app/pack.o $(B)/app/table.o
$(B)/test/test_pack: UNIT_APP = $(B)/app/csv.o $(B)/app/pack.o $(B)/app/table.o
# A forge without a server: tests/unit/fake_http.h stands for http.c.
FORGE_OBJ := $(filter $(B)/edge/forge%,$(DAEMON_OBJ))
$(B)/test/test_forge $(B)/test/test_forge_kinds: $(FORGE_OBJ)
$(B)/test/test_forge $(B)/test/test_forge_kinds: UNIT_APP = $(FORGE_OBJ)
$(B)/fuzz/forge_answer: $(FORGE_OBJ)
$(B)/fuzz/forge_answer: FUZZ_APP = $(FORGE_OBJ)
$(B)/fuzz/wish: $(B)/app/node_wish.o
$(B)/fuzz/wish: FUZZ_APP = $(B)/app/node_wish.o
$(B)/test/test_receiver_known: $(B)/app/receiver_known.o
$(B)/test/test_receiver_known: UNIT_APP = $(B)/app/receiver_known.o
$(B)/test/test_observe: $(B)/app/observe.o
$(B)/test/test_observe: UNIT_APP = $(B)/app/observe.o
$(B)/test/test_mirror: $(B)/app/mirror.o $(B)/app/change_token.o $(B)/app/secret_file.o
$(B)/test/test_mirror: UNIT_APP = $(B)/app/mirror.o $(B)/app/change_token.o $(B)/app/secret_file.o
$(B)/test/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(UNIT_LINK)

$(B)/test/%: tests/golden/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(UNIT_LINK)

$(B)/fuzz/%: tests/fuzz/fuzz_%.c tests/fuzz/standalone.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(filter-out -Wmissing-prototypes -MMD -MP,$(CFLAGS)) \
	$(LDFLAGS) -o $@ $< $(FUZZ_END) $(FUZZ_APP) $(TAKE_LIB) $(STATIC)
FUZZ_END := $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer,tests/fuzz/standalone.c)

# What the tests of the auditor's page make pages with.
$(B)/test/page_writer: tests/page/writer.c $(B)/app/page.o $(B)/app/page_pieces.o $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d -MT $@ $(LDFLAGS) -o $@ \
	$(filter %.c %.o,$^) $(STATIC)

# What the tests of recorded payloads read them with.
$(B)/test/payload_reader: tests/payloads/reader.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d -MT $@ $(LDFLAGS) -Itests/unit -o $@ $< \
	$(TAKE_LIB) $(STATIC)

# And what asks the interface without a server.
$(B)/test/ask: tests/page/ask.c $(LIB_OBJ) $(APP_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d -MT $@ $(LDFLAGS) -o $@ $< \
	$(LIB_OBJ) $(filter-out %/main.o,$(APP_OBJ)) $(STATIC)

# One question to a forge.
$(B)/test/asker: tests/forge/asker.c $(FORGE_OBJ) $(B)/edge/http.o $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d -MT $@ $(LDFLAGS) -o $@ $< \
	$(FORGE_OBJ) $(B)/edge/http.o $(filter-out %/no_maths.o,$(LIB_OBJ)) $(STATIC_DAEMON)

# A forge's word without a forge.
$(B)/test/observe: tests/forge/observe.c $(filter-out %/main.o,$(APP_OBJ)) $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d -MT $@ $(LDFLAGS) -o $@ \
	$(filter %.c %.o,$^) $(STATIC)

# Another time for programs that the tests start.
$(B)/test/clock.so: tests/year/clock.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(filter-out -fno-pie -MMD -MP,$(WARN) $(WERROR) $(OPT_release)) \
	-fPIC -shared -o $@ $<

tests: $(UNIT) $(FUZZ) $(B)/test/page_writer $(B)/test/ask $(B)/test/payload_reader $(B)/test/clock.so $(B)/test/observe $(B)/test/asker

test: tests
	$(Q)VARIANT=$(VARIANT) tests/run unit golden fuzz

# Faults are told to the program by preloading them.
$(B)/fault/faults.so: tests/fault/faults.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -std=gnu11 -D_GNU_SOURCE $(filter-out -Wmissing-prototypes,$(WARN)) \
	$(WERROR) -O2 -fPIC -shared -o $@ $<
$(B)/fault/appender: tests/fault/appender.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d -MT $@ $(LDFLAGS) -o $@ $< \
	$(TAKE_LIB) $(STATIC)
FAULT := $(B)/fault/faults.so $(B)/fault/appender

real: $(PROGRAMS) $(FAULT) $(B)/test/payload_reader
	$(Q)VARIANT=$(VARIANT) tests/run real

# With the time of day at each step; SLOWEST=20 names the slowest scripts too.
STEP = @printf '%s %s\n' "$$(date +%T)"
check:
	$(STEP) 'what tests need'
	$(Q)contrib/install-deps.sh build test foreign page forge office servers deb room
	$(STEP) 'building'
	$(AGAIN) $(PROGRAMS) tests $(FAULT)
	$(STEP) 'tests'
	$(Q)VARIANT=$(VARIANT) tests/run $(if $(SLOWEST),--slowest=$(SLOWEST))

demo:
	$(Q)contrib/install-deps.sh build run
	$(AGAIN) $(B)/foureyes
	$(Q)contrib/demo.sh $(B)/foureyes

san:
	$(AGAIN) VARIANT=san test

valgrind:
	$(Q)contrib/install-deps.sh valgrind
	$(AGAIN) VARIANT=debug tests
	$(Q)UNDER_VALGRIND=1 VARIANT=debug LIMIT=600 WRAP='valgrind -q --error-exitcode=9 --leak-check=full' \
	tests/run unit golden

T ?= 60
fuzz:
	$(Q)[ -n "$(DOOR)" ] || { echo 'make fuzz DOOR=<one of:$(FUZZ:$(B)/fuzz/%= %)> T=<seconds>'; exit 2; }
	$(AGAIN) VARIANT=fuzz CC=clang build/fuzz/fuzz/$(DOOR)
	$(Q)mkdir -p build/corpus/$(DOOR)
	$(Q)build/fuzz/fuzz/$(DOOR) -max_total_time=$(T) -timeout=10 -rss_limit_mb=2048 \
	-artifact_prefix=build/corpus/ -print_final_stats=1 \
	$(addprefix -dict=,$(wildcard tests/fuzz/$(DOOR).dict)) \
	build/corpus/$(DOOR) tests/fuzz/corpus/$(DOOR)

mutants:
	$(Q)contrib/install-deps.sh build test
	$(Q)tests/lint/mutate.sh $(FILES)

cover:
	$(Q)find build/cover -name '*.gcda' -delete 2>/dev/null || true
	$(AGAIN) VARIANT=cover test
	$(Q)tests/cover.sh build/cover

$(B)/bench/%: tests/bench/%.c $(LIB_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< \
	$(LIB_OBJ) $(STATIC)

# Every part beside its peers in one go, and which aims hold: build/bench.json.
# PARTS=push,verify: those alone.  bench-readme writes the last one into README.
BENCH_LEDGER := $(patsubst %.c,%,$(notdir $(wildcard tests/bench/ledger_*.c)))
BENCH := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
.PHONY: bench-readme
bench:
	$(Q)contrib/install-deps.sh build run test bench forge page
	$(AGAIN) $(PROGRAMS) $(BENCH) $(B)/test/page_writer
	$(Q)tests/bench/run --bin $(B) $(if $(PARTS),--parts $(PARTS)) $(ARGS)
bench-readme:
	$(Q)tests/bench/run --readme

$(B)/bench/report_tables: tests/bench/report_tables.c $(LIB_OBJ) $(APP_OBJ)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< \
	$(LIB_OBJ) $(filter-out %/main.o,$(APP_OBJ)) $(STATIC)

.PHONY: bench-report
bench-report: $(B)/foureyes $(B)/foureyes-workbook $(B)/bench/report_tables
	$(Q)tests/bench/report.sh $(B)/foureyes $(ARGS)

# HTTP alone, for comparison: libmicrohttpd and nothing of ours.
$(B)/bench/receiver_bare: tests/bench/receiver_bare.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lmicrohttpd

.PHONY: bench-receiver
bench-receiver: $(PROGRAMS) $(B)/bench/receiver_load $(B)/bench/receiver_bare
	$(Q)contrib/install-deps.sh bench forge
	$(Q)tests/bench/receiver.py $(B) build/bench/receiver $(ARGS)

.PHONY: bench-big
bench-big: $(PROGRAMS) $(B)/bench/ledger_verify $(B)/test/ask
	$(Q)tests/bench/big_ledger.sh

.PHONY: bench-audit
bench-audit: $(B)/foureyes
	$(Q)tests/bench/audit.sh $(B)/foureyes $(ARGS)

# What is too much for make check: thousands of random merges, and pushes to a
# repository of 100,000 commits, files and more.
.PHONY: big big-merges
big-merges: $(B)/test/test_repo_merge_random
	$(Q)MERGES=20000 $<
$(B)/bench/measured: tests/big/measured.c
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $<
big: big-merges $(B)/foureyes $(B)/bench/measured
	$(Q)tests/big/big.py $(B)/foureyes $(B)/bench/measured $(ARGS)

bench-ledger: $(B)/foureyes $(addprefix $(B)/bench/,$(BENCH_LEDGER))
	$(Q)set -e; for b in tests/bench/ledger_*.sh; do $$b; done

clean-room:
	$(Q)tests/clean.sh

# Each check says what is wrong and where; all of them run before lint fails.
LINT := format tidy cppcheck shell floors pure sizes lonely docs man
lint:
	$(Q)contrib/install-deps.sh build test lint
	$(AGAIN) -k $(LINT:%=lint-%)

lint-format:
	$(Q)clang-format --dry-run -Werror $(C_ALL) $(H_ALL)
lint-tidy:
	$(Q)printf '%s\n' $(LIB_SRC) $(APP_SRC) $(OTHER_SRC) | xargs -n 4 -P 2 sh -c \
	'clang-tidy --quiet --warnings-as-errors="*" "$$@" -- $(CPPFLAGS) $(WARN) 2>/dev/null' tidy
lint-cppcheck:
	$(Q)cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -j 2 \
	--enable=warning,performance,portability --suppress=missingIncludeSystem \
	--suppress=normalCheckLevelMaxBranches -Iinclude $(LIB_SRC) $(APP_SRC) $(OTHER_SRC)
lint-shell:
	$(Q)shellcheck -x -P SCRIPTDIR $(wildcard $(SH_ALL))
lint-floors:
	$(Q)tests/lint/check_floors.sh
lint-pure: $(CORE_OBJ)
	$(Q)tests/lint/check_pure.sh $(CORE_OBJ)
lint-sizes:
	$(Q)tests/lint/check_sizes.sh
lint-lonely: tests
	$(Q)tests/lint/check_lonely.sh
print-%:
	@echo '$($*)'
lint-docs:
	$(Q)tests/lint/check_docs.sh
	$(Q)tests/lint/check_manuals.py
lint-man:
	$(Q)$(if $(MAN),mandoc -Tlint -W warning $(MAN))

SHARE := $(DESTDIR)$(PREFIX)/share
install: $(PROGRAMS)
	install -d $(DESTDIR)$(PREFIX)/bin $(addprefix $(SHARE)/,foureyes/config \
	foureyes/systemd man/man1 man/man5 man/man8 bash-completion/completions zsh/site-functions)
	install -m 755 $(PROGRAMS) contrib/git-approve $(DESTDIR)$(PREFIX)/bin
	install -m 755 contrib/ghes-environment.sh $(SHARE)/foureyes
	install -m 644 $(wildcard config/*.yaml) $(SHARE)/foureyes/config
	install -m 644 contrib/systemd/* $(SHARE)/foureyes/systemd
	sed -i 's,/usr/local/bin,$(PREFIX)/bin,' $(SHARE)/foureyes/systemd/*
	install -d $(SHARE)/doc/foureyes
	install -m 644 docs/emergency.md $(SHARE)/doc/foureyes
	install -m 644 contrib/completions/foureyes.bash $(SHARE)/bash-completion/completions/foureyes
	install -m 644 contrib/completions/_foureyes $(SHARE)/zsh/site-functions
	$(foreach m,$(MAN),install -m 644 $(m) $(SHARE)/man/man$(subst .,,$(suffix $(m)))/ &&) :

.PHONY: deb
deb:
	$(Q)contrib/install-deps.sh build deb
	$(AGAIN) $(PROGRAMS)
	$(Q)rm -rf build/deb && mkdir -p build/deb/stage
	$(AGAIN) install DESTDIR=$(CURDIR)/build/deb/stage PREFIX=/usr >build/deb/log
	$(Q)mv build/deb/stage/usr/share/zsh/site-functions build/deb/stage/usr/share/zsh/vendor-completions
	$(Q)contrib/deb/build.sh build/deb/stage build/deb

clean:
	rm -rf build

-include $(LIB_OBJ:.o=.d) $(APP_OBJ:.o=.d) $(DAEMON_OBJ:.o=.d) $(WORKBOOK_OBJ:.o=.d) $(UNIT:=.d) $(B)/test/page_writer.d $(B)/test/observe.d $(B)/test/asker.d
.PHONY: all tests test real check demo san valgrind fuzz mutants cover bench \
	bench-ledger clean-room lint $(LINT:%=lint-%) install clean
