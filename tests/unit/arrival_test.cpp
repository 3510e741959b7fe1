#include "fcgi/arrival.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

#include "http/form.hpp"
#include "tests/unit/fastcgi.hpp"

using fcgi::Arrival;
using fcgi::look_at;
using namespace fastcgi;
using namespace std::string_literals;

namespace fcgi {
std::ostream& operator<<(std::ostream& out, Arrival arrival) { return out << static_cast<int>(arrival); }
}  // namespace fcgi

namespace {

const std::string kPairs = "\x0E\x03REQUEST_METHODGET"s + "\x0C\x80\0\0\x80QUERY_STRING"s + std::string(128, 'q');

std::string request(const std::string& pairs) {
    return kBeginRecord + record(kParams, pairs) + kNoMoreParams + kNoMoreBody;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(arrival)

BOOST_AUTO_TEST_CASE(a_request_is_whole_when_its_last_byte_is_there) {
    const std::string parameters = kBeginRecord + record(kParams, kPairs, 1, 7) + kNoMoreParams;
    const std::string whole = parameters + record(kStdin, "queue=1", 1, 1) + kNoMoreBody;
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST(
            look_at(whole.substr(0, size)) == (size < parameters.size() ? Arrival::kUnfinished : Arrival::kParameters),
            size);
    BOOST_TEST(look_at(whole) == Arrival::kWhole);
    BOOST_TEST(look_at(whole + "more") == Arrival::kWhole);
}

BOOST_AUTO_TEST_CASE(parameters_may_be_cut_anywhere_into_records) {
    for (std::size_t cut = 1; cut < kPairs.size(); ++cut)
        BOOST_TEST(look_at(kBeginRecord + record(kParams, kPairs.substr(0, cut)) + record(kParams, kPairs.substr(cut)) +
                           kNoMoreParams + kNoMoreBody) == Arrival::kWhole,
                   cut);
    BOOST_TEST(look_at(request("")) == Arrival::kGarbage);  // two empty records instead of one
    BOOST_TEST(look_at(kBeginRecord + kNoMoreParams + kNoMoreBody) == Arrival::kWhole);
    BOOST_TEST(look_at(request("\0\0"s)) == Arrival::kWhole);
}

BOOST_AUTO_TEST_CASE(a_length_beyond_what_came_is_garbage) {
    BOOST_TEST(look_at(request("\1")) == Arrival::kGarbage);
    BOOST_TEST(look_at(request("\x80\0\0"s)) == Arrival::kGarbage);
    BOOST_TEST(look_at(request("\1\1n")) == Arrival::kGarbage);
    BOOST_TEST(look_at(request(kPairs + "x")) == Arrival::kGarbage);
    for (const unsigned length : {2U, 0x7FFFFFFEU, 0x7FFFFFFFU}) {
        BOOST_TEST(look_at(request(long_length(length) + "\1nv"s)) == Arrival::kGarbage, length);
        BOOST_TEST(look_at(request("\1"s + long_length(length) + "nv")) == Arrival::kGarbage, length);
        BOOST_TEST(look_at(request(long_length(length) + long_length(length) + "nv")) == Arrival::kGarbage, length);
    }
    BOOST_TEST(look_at(request(long_length(1) + long_length(1) + "nv")) == Arrival::kWhole);
}

BOOST_AUTO_TEST_CASE(too_many_parameters_are_garbage_while_they_come) {
    const std::string part = record(kParams, std::string(32'768, '\0'));
    const std::string most = kBeginRecord + part + part + part + part;
    static_assert(fcgi::kMaxParameterBytes == 131'072);
    BOOST_TEST(look_at(most + kNoMoreParams + kNoMoreBody) == Arrival::kWhole);
    BOOST_TEST(look_at(most + record(kParams, "\0"s)) == Arrival::kGarbage);
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_whole_before_its_end) {
    const std::string parameters = kBeginRecord + kNoMoreParams;
    const std::string most = record(kStdin, std::string(http::kMaxBodyBytes, 'x'));
    BOOST_TEST(look_at(parameters + most) == Arrival::kParameters);
    BOOST_TEST(look_at(parameters + most + kNoMoreBody) == Arrival::kWhole);
    const std::string more = record(kStdin, std::string(http::kMaxBodyBytes + 2, 'x'));
    BOOST_TEST(look_at(parameters + more.substr(0, more.size() - 2)) == Arrival::kParameters);
    BOOST_TEST(look_at(parameters + more.substr(0, more.size() - 1)) == Arrival::kWhole);
}

BOOST_AUTO_TEST_CASE(what_no_web_server_sends_is_garbage_by_its_first_record) {
    for (const std::string& first :
         {"GET / HTTP/1.1\r\n\r\n"s, std::string(8, '\0'), record(kGetValues, "\x0F\0FCGI_MPXS_CONNS"s, 0),
          record(kBegin, "\0\1\0\0\0\0\0\0"s, 0), record(kBegin, "\0\1\0\0\0\0\0"s),
          record(kBegin, "\0\2\0\0\0\0\0\0"s), record(kBegin, "\1\1\0\0\0\0\0\0"s), record(kParams, kPairs),
          kNoMoreBody})
        BOOST_TEST(look_at(first) == Arrival::kGarbage, first);
    BOOST_TEST(look_at("\2"s + kBeginRecord.substr(1)) == Arrival::kGarbage);
}

BOOST_AUTO_TEST_CASE(padding_hides_no_record) {
    const std::string parameters = kBeginRecord + record(kParams, kPairs, 1, 7);
    BOOST_TEST(look_at(parameters + kNoMoreParams + kNoMoreBody) == Arrival::kWhole);
    BOOST_TEST(look_at(record(kBegin, "\0\1\0\0\0\0\0\0"s, 1, 8)) == Arrival::kGarbage);
    BOOST_TEST(look_at(parameters + record(kParams, "", 1, 4)) == Arrival::kGarbage);
    BOOST_TEST(look_at(parameters + kNoMoreParams + record(kStdin, "", 1, 4)) == Arrival::kGarbage);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_not_the_next_of_this_request_is_garbage) {
    const std::string parameters = kBeginRecord + record(kParams, kPairs);
    for (const std::string& before : {kBeginRecord, parameters, parameters + kNoMoreParams})
        for (const std::string& other :
             {record(kGetValues, "\x0F\0FCGI_MPXS_CONNS"s, 0), record(kAbort, ""), kBeginRecord, record(kParams, "", 2),
              record(kStdin, "", 2), "\2"s + kNoMoreBody.substr(1), "\2"s + kNoMoreParams.substr(1)})
            BOOST_TEST(look_at(before + other) == Arrival::kGarbage, before << other);
    BOOST_TEST(look_at(parameters + kNoMoreBody) == Arrival::kGarbage);
    BOOST_TEST(look_at(parameters + kNoMoreParams + record(kParams, kPairs)) == Arrival::kGarbage);
}

BOOST_AUTO_TEST_SUITE_END()
