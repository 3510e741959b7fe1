#define BOOST_TEST_DYN_LINK
#include "admin/files/time.hpp"

#include <boost/test/unit_test.hpp>

using admin::files::read_time;

namespace {

constexpr std::int64_t kSecond = 1'000'000;

}  // namespace

BOOST_AUTO_TEST_SUITE(time_of_a_file)

BOOST_AUTO_TEST_CASE(start_is_unix_seconds) {
    BOOST_TEST(read_time("0").value() == 0);
    BOOST_TEST(read_time("1543602677").value() == 1543602677 * kSecond);
    BOOST_TEST(read_time("1543602677.25").value() == 1543602677 * kSecond + 250000);
    BOOST_TEST(read_time("253402300799.999999").value() == 253402300799 * kSecond + 999999);
    for (const char* bad :
         {"", "-1", "+1", "253402300800", "1543602677.", ".5", " 1", "1 ", "1e9", "99999999999999999999"})
        BOOST_TEST(!read_time(bad), bad);
}

BOOST_AUTO_TEST_CASE(start_is_iso_8601_with_an_offset) {
    const std::int64_t time = 1543602677 * kSecond;
    for (const char* good : {"2018-11-30T18:31:17Z", "2018-11-30t18:31:17z", "2018-11-30 18:31:17Z",
                             "2018-11-30T19:31:17+01:00", "2018-11-30T19:31:17+0100", "2018-11-30T19:31:17+01",
                             "2018-11-30T13:01:17-05:30", "2018-12-01T00:16:17+05:45"})
        BOOST_TEST(read_time(good).value_or(-1) == time, good);
    BOOST_TEST(read_time("2018-11-30T18:31Z").value() == time - 17 * kSecond);
    BOOST_TEST(read_time("2018-11-30T18:31:17.5Z").value() == time + 500000);
    BOOST_TEST(read_time("2018-11-30T18:31:17.123456789Z").value() == time + 123456);
    BOOST_TEST(read_time("2000-02-29T00:00:00Z").value() == 951782400 * kSecond);
    for (const char* bad : {"2018-11-30T18:31:17", "2018-11-30", "2018-11-30T18:31:17+1", "2018-11-30T18:31:17+24:00",
                            "2018-11-30T18:31:17+01:", "2018-11-30T18:31:17+01:60", "2018-13-01T00:00:00Z",
                            "2018-02-29T00:00:00Z", "2018-11-30T24:00:00Z", "2018-11-30T18:60:00Z",
                            "2018-11-30T18:31:60Z", "2018-11-30T18:31:17.Z", "2018-11-30T18:31:17ZZ",
                            "18-11-30T18:31:17Z", "2018/11/30 18:31:17Z", "infinity", "now", "2018-11-30T18:31:17 Z"})
        BOOST_TEST(!read_time(bad), bad);
}

BOOST_AUTO_TEST_CASE(start_lies_in_1970_to_9999) {
    BOOST_TEST(read_time("1970-01-01T00:00:00Z").value() == 0);
    BOOST_TEST(read_time("1969-12-31T23:30:00-01:00").value() == 1800 * kSecond);
    BOOST_TEST(!read_time("1970-01-01T00:30:00+01:00"));
    BOOST_TEST(read_time("9999-12-31T23:59:59.999999Z").value() == 253402300799 * kSecond + 999999);
    BOOST_TEST(!read_time("9999-12-31T23:59:59-00:01"));
}

BOOST_AUTO_TEST_CASE(a_time_is_written_in_utc) {
    std::string out = "at ";
    admin::files::append_time(out, 951782400 * kSecond + 250000);
    BOOST_TEST(out == "at 2000-02-29 00:00:00.250000+00");
}

BOOST_AUTO_TEST_SUITE_END()
