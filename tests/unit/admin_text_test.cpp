#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>

#include "admin/console/journal.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/name.hpp"

namespace {

std::string refusal_of(std::string_view name) {
    try {
        admin::check_name("the name", name);
    } catch (const admin::console::Refusal& refusal) {
        return refusal.what();
    }
    return "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(admin_text)

BOOST_AUTO_TEST_CASE(counts_have_commas_between_thousands_and_a_unit) {
    for (const auto& [count, text] : std::initializer_list<std::pair<std::int64_t, const char*>>{
             {0, "0 days"}, {1, "1 day"}, {999, "999 days"}, {1000, "1,000 days"}, {1234567, "1,234,567 days"}})
        BOOST_TEST(admin::console::counted(count, "day", "days") == text);
}

BOOST_AUTO_TEST_CASE(tabs_line_ends_and_backslashes_are_escaped_as_for_copy) {
    std::string out = "a";
    admin::console::append_escaped(out, "\t\n\r\\N\x01");
    BOOST_TEST(out == "a\\t\\n\\r\\\\N\x01");
}

BOOST_AUTO_TEST_CASE(a_message_shows_text_in_quotes_and_cut_between_characters) {
    BOOST_TEST(admin::in_quotes("") == "\"\"");
    BOOST_TEST(admin::in_quotes("a\"b") == "\"a\"b\"");
    BOOST_TEST(admin::in_quotes("\x1B[0m\x7F") == "\"\\x1b[0m\\x7f\"");
    BOOST_TEST(admin::in_quotes("caf\xE9") == "(not UTF-8)");
    const std::string sixty(60, 'x');
    BOOST_TEST(admin::in_quotes(sixty) == '"' + sixty + '"');
    BOOST_TEST(admin::in_quotes(sixty + 'y') == '"' + sixty + "...\"");
    const std::string cut = sixty.substr(0, 59);
    BOOST_TEST(admin::in_quotes(cut + "\xC3\xA9") == '"' + cut + "...\"");
}

BOOST_AUTO_TEST_CASE(each_line_for_the_journal_has_the_priority_of_an_error) {
    std::ostringstream out;
    {
        const admin::console::ErrorPriority errors{out};
        out << "first" << ' ' << 1 << "\n  second\n" << std::flush;
    }
    out << "after\n";
    BOOST_TEST(out.str() == "<3>first 1\n<3>  second\nafter\n");
}

BOOST_AUTO_TEST_CASE(a_name_is_utf8_of_1_to_255_characters) {
    std::string longest;
    for (int i = 0; i < 255; ++i) longest += "\xC3\xA9";
    BOOST_TEST(refusal_of(longest) == "none");
    BOOST_TEST(refusal_of(longest + 'x') == "the name is longer than 255 characters");
    BOOST_TEST(refusal_of("") == "the name is empty");
    BOOST_TEST(refusal_of("\xE9") == "the name is not valid UTF-8");
}

BOOST_AUTO_TEST_SUITE_END()
