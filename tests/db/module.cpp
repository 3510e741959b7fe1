// The tests of all code that uses PostgreSQL. `make db` runs them with a private server (tests/tools/with-postgresql).
#define BOOST_TEST_MODULE database
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
