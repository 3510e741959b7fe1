# queue-statistics: `make help` lists what there is to make. GNU make; needs the packages of debian/control (`make deps`).

prefix ?= /usr/local
sbindir ?= $(prefix)/sbin
bindir ?= $(prefix)/bin
sharedir ?= $(prefix)/share/queue-statistics
CXX ?= g++
CXXFLAGS ?= -O2 -g
SAN ?=
V ?=

B := build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))
comma := ,
Q := $(if $(V),,@)

# Needed whatever CXXFLAGS say, so that dpkg-buildflags and SAN can set those.
required_cxxflags := -std=c++20 -I. -I$(B)/gen -I/usr/include/jsoncpp -MMD -MP \
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -fno-strict-aliasing $(if $(WERROR),-Werror)
sanflags := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)

version := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)

core_sources := $(wildcard core/*.cpp)
sql_sources := $(wildcard sql/*.cpp)
fcgi_sources := $(filter-out fcgi/main.cpp,$(wildcard fcgi/*.cpp))
admin_sources := $(filter-out admin/main.cpp,$(wildcard admin/*.cpp))
