#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "admin/calls/columns.hpp"
#include "admin/console/refusal.hpp"

using namespace admin::calls;

namespace {

using Fields = std::vector<std::string>;

const Fields kHeader{"queue",    "dtype",    "dnumber",  "uniqueid", "start",
                     "ringtime", "holdtime", "talktime", "outcome",  "in_progress"};

/// A good line, of which a test changes some fields.
const Fields kGood{"Sales", "phone", "100", "u1", "1543602677", "10", "20", "30", "answered", "false"};

enum { kQueue, kDtype, kDnumber, kUniqueid, kStart, kRingtime, kHoldtime, kTalktime, kOutcome, kInProgress };

/// The line for COPY, or what is wrong with the fields.
std::string read(const Fields& fields, const Fields& header = kHeader, const Layout& layout = kOfferLayout) {
    std::string out;
    const std::string problem = CsvColumns{layout, header}.append(7, fields, out);
    BOOST_TEST(problem.empty() != out.empty());
    return problem + out;
}

struct Change {
    int column;
    std::string value;
};

std::string read_changed(const std::vector<Change>& changes) {
    Fields fields = kGood;
    for (const Change& change : changes) fields[static_cast<std::size_t>(change.column)] = change.value;
    return read(fields);
}

std::string refusal_of(const Fields& header, const Layout& layout = kOfferLayout) {
    try {
        const CsvColumns columns{layout, header};
    } catch (const admin::console::Refusal& refusal) {
        return refusal.what();
    }
    return "none";
}

/// A caller, by waittime, talktime, outcome and in_progress.
std::string read_caller(const char* waittime, const char* talktime, const char* outcome, const char* in_progress) {
    return read({"Sales", "u1", "1543602677", waittime, talktime, outcome, in_progress},
                {"queue", "uniqueid", "entered", "waittime", "talktime", "outcome", "in_progress"}, kCallerLayout);
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_columns)

BOOST_AUTO_TEST_CASE(a_good_line_becomes_one_for_copy) {
    BOOST_TEST(read(kGood) == "7\tSales\tphone\t100\tu1\t2018-11-30 18:31:17.000000+00\t10\t20\t30\tanswered\tf\n");
}

BOOST_AUTO_TEST_CASE(columns_may_stand_in_any_order_and_in_progress_may_be_absent) {
    const Fields header{"outcome",  "talktime", "holdtime", "ringtime", "start",
                        "uniqueid", "dnumber",  "dtype",    "queue"};
    BOOST_TEST(read({"busy", "", "", "", "0", "", "100", "phone", "q"}, header) ==
               "7\tq\tphone\t100\t\t1970-01-01 00:00:00.000000+00\t\\N\t\\N\t\\N\tbusy\tf\n");
}

BOOST_AUTO_TEST_CASE(what_copy_would_read_otherwise_is_escaped) {
    BOOST_TEST(read_changed({{kQueue, "a\tb\nc\\N\r"}}).starts_with("7\ta\\tb\\nc\\\\N\\r\tphone"));
}

BOOST_AUTO_TEST_CASE(a_header_names_all_that_is_wrong_with_it) {
    const std::string why = refusal_of({"queue", "dtype", "dtype", "number", "uniqueid", "start", "outcome"});
    for (const char* part : {"unknown: \"number\"", "twice: dtype", "missing: dnumber", "missing: ringtime",
                             "missing: holdtime", "missing: talktime"})
        BOOST_TEST(contains(why, part), part);
    BOOST_TEST(!contains(why, "missing: in_progress"));
    BOOST_TEST(contains(refusal_of({"Queue"}), "unknown: \"Queue\""));
}

BOOST_AUTO_TEST_CASE(a_line_has_as_many_fields_as_the_header) {
    BOOST_TEST(read({"a", "b"}) == "2 fields, but the header line has 10");
    Fields more = kGood;
    more.emplace_back("x");
    BOOST_TEST(read(more) == "11 fields, but the header line has 10");
}

BOOST_AUTO_TEST_CASE(names_are_needed_except_uniqueid) {
    BOOST_TEST(read_changed({{kQueue, ""}}) == "queue is empty");
    BOOST_TEST(read_changed({{kDtype, ""}}) == "dtype is empty");
    BOOST_TEST(read_changed({{kDnumber, ""}}) == "dnumber is empty");
    BOOST_TEST(read_changed({{kUniqueid, ""}}).starts_with("7\tSales\tphone\t100\t\t2018"));
}

BOOST_AUTO_TEST_CASE(names_have_a_longest_length_in_characters) {
    std::string longest;
    for (int i = 0; i < 255; ++i) longest += "\xC3\xA9";
    BOOST_TEST(read_changed({{kQueue, longest}}).starts_with("7\t"));
    BOOST_TEST(read_changed({{kQueue, longest + "x"}}) == "queue is longer than 255 characters");
    BOOST_TEST(read_changed({{kUniqueid, longest}}).starts_with("7\t"));
    BOOST_TEST(read_changed({{kUniqueid, longest + "x"}}) == "uniqueid is longer than 255 characters");
    BOOST_TEST(read_changed({{kDnumber, std::string(2595, 'x')}}).starts_with("7\t"));
    BOOST_TEST(read_changed({{kDnumber, std::string(2596, 'x')}}) ==
               "dtype and dnumber are longer than 2600 bytes together");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused) {
    const std::string latin1 = "caf\xE9";
    const std::string nul{"a\0b", 3};
    for (const int column : {kQueue, kDtype, kDnumber, kUniqueid}) {
        BOOST_TEST(contains(read_changed({{column, latin1}}), " is not valid UTF-8, or contains a NUL"));
        BOOST_TEST(contains(read_changed({{column, nul}}), " is not valid UTF-8, or contains a NUL"));
    }
    BOOST_TEST(contains(read_changed({{kStart, latin1}}), "(not UTF-8)"));
}

BOOST_AUTO_TEST_CASE(times_are_whole_seconds_of_31_bits) {
    for (const int column : {kRingtime, kHoldtime, kTalktime}) {
        for (const char* good : {"", "0", "007", "2147483647"})
            BOOST_TEST(read_changed({{column, good}}).starts_with("7\t"), good);
        for (const char* bad :
             {"-1", "+1", "1.5", "abc", " 1", "1 ", "2147483648", "99999999999999999999", "0x10", "1e3"})
            BOOST_TEST(contains(read_changed({{column, bad}}), "is no whole number of seconds in 0..2147483647"), bad);
    }
}

BOOST_AUTO_TEST_CASE(outcomes_are_those_of_the_table) {
    for (const char* outcome : {"no_answer", "cancelled", "answered_elsewhere", "failed"})
        BOOST_TEST(read_changed({{kOutcome, outcome}, {kHoldtime, ""}, {kTalktime, ""}}).starts_with("7\t"), outcome);
    for (const char* bad : {"", "Answered", "noanswer", "answered "})
        BOOST_TEST(read_changed({{kOutcome, bad}}).starts_with("outcome is none of answered, "), bad);
}

BOOST_AUTO_TEST_CASE(times_fit_the_outcome) {
    BOOST_TEST(read_changed({{kOutcome, "busy"}, {kHoldtime, ""}, {kTalktime, ""}}) ==
               "a busy destination never rang, but ringtime is given");
    BOOST_TEST(read_changed({{kOutcome, "failed"}, {kHoldtime, ""}}) ==
               "talktime is given, but the call was not answered");
    BOOST_TEST(read_changed({{kOutcome, "failed"}, {kTalktime, ""}}) ==
               "holdtime is given, but the call was not answered");
}

BOOST_AUTO_TEST_CASE(in_progress_is_a_boolean_for_answered_calls_without_talktime) {
    for (const char* yes : {"true", "t", "1"})
        BOOST_TEST(read_changed({{kInProgress, yes}, {kTalktime, ""}}).ends_with("\\N\tanswered\tt\n"), yes);
    for (const char* no : {"false", "f", "0", ""}) BOOST_TEST(read_changed({{kInProgress, no}}).ends_with("\tf\n"), no);
    BOOST_TEST(read_changed({{kInProgress, "maybe"}}) == "in_progress is neither true nor false: \"maybe\"");
    BOOST_TEST(read_changed({{kInProgress, "true"}}) == "in_progress is true, but talktime is given");
    BOOST_TEST(read_changed({{kInProgress, "true"}, {kOutcome, "no_answer"}, {kHoldtime, ""}, {kTalktime, ""}}) ==
               "in_progress is true, but the call was not answered");
}

BOOST_AUTO_TEST_CASE(a_good_caller_becomes_a_line_for_copy) {
    BOOST_TEST(read_caller("20", "30", "answered", "") ==
               "7\tSales\tu1\t2018-11-30 18:31:17.000000+00\t20\t30\tanswered\tf\n");
    BOOST_TEST(read({"waiting", "", "", "2018-11-30T19:31:17+01:00", "", "q"},
                    {"outcome", "talktime", "waittime", "entered", "uniqueid", "queue"},
                    kCallerLayout) == "7\tq\t\t2018-11-30 18:31:17.000000+00\t\\N\t\\N\twaiting\tf\n");
}

BOOST_AUTO_TEST_CASE(a_header_of_callers_has_columns_of_its_own) {
    const std::string why = refusal_of({"queue", "dtype", "start", "talktime", "outcome"}, kCallerLayout);
    BOOST_TEST(why ==
               "the header line does not name the columns:\n  unknown: \"dtype\"\n  unknown: \"start\"\n"
               "  missing: uniqueid\n  missing: entered\n  missing: waittime\n"
               "The columns are, in any order: queue,uniqueid,entered,waittime,talktime,outcome and, if need be, "
               "in_progress");
}

BOOST_AUTO_TEST_CASE(outcomes_of_callers_are_those_of_their_table) {
    for (const char* outcome : {"waiting", "answered", "abandoned", "timeout", "key", "empty", "other", "refused"})
        BOOST_TEST(read_caller("", "", outcome, "").starts_with("7\t"), outcome);
    for (const char* bad : {"", "busy", "no_answer", "Waiting"})
        BOOST_TEST(contains(read_caller("", "", bad, ""),
                            "outcome is none of waiting, answered, abandoned, timeout, key, empty, other, refused: "),
                   bad);
}

BOOST_AUTO_TEST_CASE(times_of_a_caller_fit_the_outcome) {
    for (const char* outcome : {"waiting", "refused"})
        BOOST_TEST(
            read_caller("0", "", outcome, "") == "waittime is given, but the caller still waits or never entered",
            outcome);
    for (const char* outcome : {"abandoned", "timeout", "key", "empty", "other"}) {
        BOOST_TEST(read_caller("2147483647", "", outcome, "")
                       .ends_with("\t2147483647\t\\N\t" + std::string{outcome} + "\tf\n"),
                   outcome);
        BOOST_TEST(read_caller("", "0", outcome, "") == "talktime is given, but the caller was not answered", outcome);
        BOOST_TEST(read_caller("", "", outcome, "true") == "in_progress is true, but the caller was not answered",
                   outcome);
    }
    BOOST_TEST(read_caller("4", "", "answered", "true").ends_with("\t4\t\\N\tanswered\tt\n"));
    BOOST_TEST(read_caller("4", "5", "answered", "true") == "in_progress is true, but talktime is given");
    BOOST_TEST(contains(read_caller("2147483648", "", "answered", ""), "waittime is no whole number of seconds in "));
    BOOST_TEST(contains(read_caller("", "-1", "answered", ""), "talktime is no whole number of seconds in "));
}

BOOST_AUTO_TEST_SUITE_END()
