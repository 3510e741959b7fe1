# queue-statistics: `make help` lists the targets.

define help
make                  build both programs into build/
make demo             show it working on 127.0.0.1:$(DEMO_PORT) with demonstration data, until Ctrl-C
make check            test what a change can break, in minutes; the last line is `N passed, N failed`
make check-all        make check and what takes long: sanitizers, every fault, clang-tidy and more (half an hour)
make bench            measure the database, and the answers side by side with other stacks: docs/benchmarks.md
make faults           make every fault and see that it is survived; tests/long/faults/report writes docs/faults.md of it
make abuse            $(ABUSE_CONNECTIONS) mutated FastCGI connections, $(ABUSE_REQUESTS) HTTP ones, beside good clients
make leaks            10,000 mixed requests to a responder under valgrind
make mutation         put faults into core, one at a time: the unit tests must find them
make unit db e2e      one kind of test: no database | a private PostgreSQL | nginx, responders and PostgreSQL
make page             the page in Chromium: figures, secrets, keyboard, axe, a day of refreshes; its types
make fuzz             mutated inputs for all code that reads input, by clang, FUZZ_SECONDS=$(FUZZ_SECONDS) per target
make corpus           the inputs that fuzzing kept
make coverage         which lines the tests reach
make install-tests    the package on Debian 12 and on 13: built, installed, upgraded under load (root, network, an hour)
make openapi          the API against docs/openapi.yaml, by Redocly, Prism and ajv (npm); in make check-all
make lint             layers, format, clang-tidy, shellcheck, lengths of lines, subjects of commits
make deps             install the packages of debian/control that are missing (prints the command first)
make install          into $$(DESTDIR)$$(prefix), prefix=$(prefix)
make clean            remove build/

SAN=address,undefined builds with sanitizers in a folder of its own. V=1 shows commands. WERROR=1 makes warnings errors.
endef

prefix ?= /usr/local
bindir ?= $(prefix)/bin
sbindir ?= $(prefix)/sbin
datadir ?= $(prefix)/share/queue-statistics
mandir ?= $(prefix)/share/man
CXX ?= g++
CXXFLAGS ?= -O2 -g
DEMO_PORT ?= 8080
DEMO_DIR ?= build/demo
FUZZ_SECONDS ?= 600
ABUSE_CONNECTIONS ?= 100000
ABUSE_REQUESTS ?= 1000000
SAN ?=
comma := ,
B := build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))
Q := $(if $(V),,@)
version := $(shell sed -n '1s/^[^(]*(\([^)]*\)).*/\1/p' debian/changelog)

# The flags that are needed whatever CXXFLAGS says: dpkg-buildflags sets CXXFLAGS.
flags := -std=c++20 -I. -I$(B)/gen -I/usr/include/jsoncpp -I$(shell pg_config --includedir 2>/dev/null) -MMD -MP \
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(WERROR),-Werror) \
  $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)

objects = $(patsubst %.cpp,$(B)/%.o,$(filter-out fcgi/main.cpp admin/main.cpp,$(wildcard $(1:%=%/*.cpp))))
core := $(call objects,core core/access core/functions)
sql := $(call objects,sql)
http := $(call objects,http)
fcgi := $(call objects,fcgi)
admin := $(call objects,admin admin/*)
# The part of admin that needs no database. The unit tests link only this part.
admin_pure := $(call objects,admin/console admin/files) \
  $(addprefix $(B)/admin/,name.o calls/columns.o events/asterisk_line.o events/freeswitch_records.o)
# What the unit tests need beside core; the tests of core do without it (tests/long/mutation/run).
beside_core := $(http) $(fcgi) $(admin_pure) $(B)/sql/sqlstate.o
unit_tests := $(call objects,tests/unit)
db_tests := $(call objects,tests/db)
boost_tests := $(filter-out %/main.o %/module.o,$(unit_tests) $(db_tests))
boost_test := $(B)/tests/boost_test.hpp
bench := $(addprefix $(B)/bench/,echo body unverified)
bench_objects := $(call objects,tests/long/bench)
fuzz_objects := $(filter-out %/replay.o,$(call objects,tests/fuzz))
fuzz_replay := $(if $(findstring fuzzer,$(SAN)),,$(B)/tests/fuzz/replay.o)
fuzz := $(fuzz_objects:$(B)/tests/%.o=$(B)/%)
all_objects := $(core) $(sql) $(http) $(fcgi) $(admin) $(unit_tests) $(db_tests) $(bench_objects) $(fuzz_objects) \
  $(fuzz_replay) $(B)/fcgi/main.o $(B)/admin/main.o
queries := $(patsubst %,$(B)/gen/%.hpp,$(wildcard sql/queries sql/grants sql/nodes admin/queries admin/*/queries))
generated := $(queries) $(B)/gen/core/functions.hpp $(B)/gen/sql/migrations.inc $(B)/gen/version.inc

man_pages := $(addprefix $(B)/man/,queue-statistics.1 queue-statistics.5 queue-statistics-fcgi.8)

# Runs jobs on all processors, unless -j says otherwise. A make that another make started shares its jobs.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

all: $(B)/queue-statistics-fcgi $(B)/queue-statistics

$(B)/queue-statistics-fcgi: $(B)/fcgi/main.o $(core) $(sql) $(http) $(fcgi)
$(B)/queue-statistics-fcgi: libs := -lfcgi -lpq -ljsoncpp -lcrypt -lcrypto -ldate-tz
$(B)/queue-statistics: $(B)/admin/main.o $(core) $(sql) $(admin)
$(B)/queue-statistics: libs := -lpq -lz -lcrypt -lcrypto -ldate-tz
$(B)/unit-tests: $(unit_tests) $(core) $(beside_core)
$(B)/db-tests: $(db_tests) $(core) $(sql) $(admin)
$(B)/unit-tests $(B)/db-tests: libs := -lboost_unit_test_framework -lfcgi -lpq -lz -ljsoncpp -lcrypt -lcrypto -ldate-tz
# Nobody waits for what tests compute, only for their compilation.
$(unit_tests) $(db_tests) $(boost_test).gch: private CXXFLAGS += -O0 -U_FORTIFY_SOURCE
# All tests read Boost.Test, so it is compiled once; but each main() is made from the header itself.
$(boost_tests): private flags += -include $(boost_test)
$(boost_tests): | $(boost_test).gch
$(boost_test).gch: $(wildcard /usr/include/boost/version.hpp)
	$(if $(Q),@echo CXX $@)
	$(Q)mkdir -p $(@D) && printf '#define BOOST_TEST_DYN_LINK\n#include <boost/test/unit_test.hpp>\n' >$(boost_test) && \
	  $(CXX) $(flags) $(CPPFLAGS) $(CXXFLAGS) -x c++-header -c -o $@ $(boost_test)
$(bench): $(B)/bench/%: $(B)/tests/long/bench/%.o
$(B)/bench/body: $(B)/http/json.o $(core)
$(B)/bench/unverified: $(B)/fcgi/main.o $(filter-out %/password.o %/verified_logins.o,$(core)) $(sql) $(http) $(fcgi)
$(bench): libs := -lfcgi -lpq -ljsoncpp -lcrypt -lcrypto -ldate-tz
$(fuzz): $(B)/fuzz/%: $(B)/tests/fuzz/%.o $(fuzz_replay) $(core)
$(addprefix $(B)/fuzz/,handler config json fastcgi): $(http) $(fcgi)
$(addprefix $(B)/fuzz/,csv_reader event_readers): $(sql) $(admin)
$(fuzz): libs := -lfcgi -lpq -lz -ljsoncpp -lcrypt -lcrypto -ldate-tz

$(B)/queue-statistics-fcgi $(B)/queue-statistics $(B)/unit-tests $(B)/db-tests $(bench) $(fuzz):
	$(if $(Q),@echo LINK $@)
	$(Q)mkdir -p $(@D) && $(CXX) $(flags) $(CXXFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(libs)

# The date library's ptz.h is not valid C++20.
$(B)/core/time_zone.o: flags += -std=c++17 -DUSE_OS_TZDB=1

$(B)/%.o: %.cpp | $(generated)
	$(if $(Q),@echo CXX $@)
	$(Q)mkdir -p $(@D) && $(CXX) $(flags) $(CPPFLAGS) $(CXXFLAGS) -c -o $@ $<
-include $(all_objects:.o=.d)

# A folder of plain SQL files becomes one header, a folder of migrations an array (sql/generate). The folder itself is a
# prerequisite, so that a removed file is noticed.
.SECONDEXPANSION:
$(queries): $(B)/gen/%.hpp: % $$(wildcard $$*/*.sql) sql/generate
	$(Q)mkdir -p $(@D) && sql/generate statements $* >$@
migrations := $(sort $(wildcard sql/migrations/[0-9]*))
$(B)/gen/sql/migrations.inc: $(migrations) $(wildcard $(migrations:%=%/*.sql)) sql/generate
	$(Q)mkdir -p $(@D) && sql/generate migrations $(migrations) >$@
# A function of the API is a file of core/functions. The C++ function in that file has the file's name.
functions := $(wildcard core/functions/*.cpp)
function_names := $(basename $(notdir $(functions)))
$(B)/gen/core/functions.hpp: core/functions $(functions)
	$(Q)mkdir -p $(@D) && { printf '#pragma once\n#include <array>\n#include "core/function.hpp"\nnamespace core::functions {\n'; \
	  printf 'Function %s();\n' $(function_names); printf 'inline constexpr std::array kAll{'; \
	  printf '&%s, ' $(function_names); printf '};\n}\n'; } >$@
$(B)/gen/version.inc: debian/changelog
	$(Q)mkdir -p $(@D) && printf '"%s"\n' '$(version)' >$@

# The manual gets its section of commands from the program's --help.
$(man_pages): $(B)/man/%: man/% man/commands debian/changelog $(B)/queue-statistics
	$(Q)mkdir -p $(@D) && man/commands $(B)/queue-statistics >$@.commands && \
	  sed -e 's/@VERSION@/$(version)/' -e '/^@COMMANDS@/{r $@.commands' -e 'd}' $< >$@

generated: $(generated)
unit: $(B)/unit-tests
	$(Q)tests/tools/boost-test $(B)/unit-tests
db: $(B)/db-tests all
	$(Q)tests/tools/with-postgresql tests/tools/boost-test $(B)/db-tests
e2e: all
	$(Q)tests/e2e/run $(B)
page: all
	$(Q)tests/page/run unit
	$(Q)tests/page/run all $(B)
bench: all bench-programs
	$(Q)tests/tools/with-postgresql --durable --setting shared_buffers=2GB --setting max_wal_size=8GB \
	  --setting max_connections=200 tests/long/bench/run
faults: all
	$(Q)tests/long/faults/run --build $(B)
abuse: all
	$(Q)ABUSE_CONNECTIONS='$(ABUSE_CONNECTIONS)' ABUSE_REQUESTS='$(ABUSE_REQUESTS)' tests/long/abuse/run $(B)
leaks: all
	$(Q)tests/long/abuse/leaks $(B)
mutation: $(B)/unit-tests
	$(Q)tests/long/mutation/run $(B)
corpus: $(fuzz)
	$(Q)tests/fuzz/replay $(B)/fuzz
fuzz:
	$(Q)$(MAKE) --no-print-directory CXX=clang++ SAN=fuzzer,address,undefined fuzz-programs
	$(Q)tests/fuzz/run $(FUZZ_SECONDS) build/san-fuzzer-address-undefined/fuzz
bench-programs: $(bench)
fuzz-programs: $(fuzz)
coverage:
	$(Q)tests/long/coverage
openapi: all
	$(Q)tests/openapi/run $(B)
lint:
	$(Q)tests/tools/lint
check: deps
	$(Q)SAN='$(SAN)' tests/check
check-all:
	$(Q)tests/tools/deps check-all
	$(Q)tests/check all
install-tests: deps
	$(Q)tests/check install
deps:
	$(Q)tests/tools/deps check
demo:
	$(Q)tests/tools/deps build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)DEMO_PORT='$(DEMO_PORT)' DEMO_DIR='$(DEMO_DIR)' exec tests/demo/run

install: all $(man_pages)
	install -d '$(DESTDIR)$(sbindir)' '$(DESTDIR)$(bindir)' '$(DESTDIR)$(datadir)/nginx' '$(DESTDIR)$(datadir)/apache' \
	  '$(DESTDIR)$(datadir)/web/words' \
	  $(foreach n,1 5 8,'$(DESTDIR)$(mandir)/man$(n)')
	install $(B)/queue-statistics-fcgi '$(DESTDIR)$(sbindir)'
	install $(B)/queue-statistics '$(DESTDIR)$(bindir)'
	# The web servers' files name the folder of the page.
	for file in nginx/*.conf apache/*.conf; do \
	  sed 's|/usr/share/queue-statistics/web|$(datadir)/web|' $$file >'$(DESTDIR)$(datadir)'/$$file || exit; \
	  chmod 644 '$(DESTDIR)$(datadir)'/$$file || exit; done
	install -m 644 web/*.* '$(DESTDIR)$(datadir)/web'
	install -m 644 web/words/*.json '$(DESTDIR)$(datadir)/web/words'
	for page in $(man_pages); do install -m 644 $$page '$(DESTDIR)$(mandir)'/man$${page##*.} || exit; done
clean:
	rm -rf build
help:
	$(info $(help))@:

.PHONY: all generated unit db e2e page faults abuse leaks mutation bench corpus fuzz fuzz-programs bench-programs coverage openapi lint check check-all install-tests deps demo install clean help
.DELETE_ON_ERROR:
