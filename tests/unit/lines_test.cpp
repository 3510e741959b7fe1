#define BOOST_TEST_DYN_LINK
#include "admin/files/lines.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "admin/console/refusal.hpp"
#include "tests/unit/folder.hpp"

using admin::files::InputFile;
using admin::files::Line;
using admin::files::LineFile;

namespace {

using Lines = std::vector<std::string>;

/// "number: text" of each line, also of a last line without a line end.
Lines all(LineFile& file) {
    Lines lines;
    const auto add = [&lines](const Line& line) {
        lines.push_back(std::to_string(line.number) + (line.too_long ? "! " : ": ") + std::string{line.text});
    };
    Line line;
    while (file.next(line)) add(line);
    if (file.last(line)) add(line);
    return lines;
}

Lines all(const std::string& path) {
    LineFile file{path};
    return all(file);
}

template <class Work>
std::string refusal_of(const Work& work) {
    try {
        work();
    } catch (const admin::console::Refusal& refusal) {
        return refusal.what();
    }
    return "none";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lines, test::Folder)

BOOST_AUTO_TEST_CASE(lines_end_in_lf_or_cr_lf_and_the_last_may_lack_it) {
    write("f", "a\nb\r\n\n\rc\r\nd");
    BOOST_TEST(all(path("f")) == (Lines{"1: a", "2: b", "3: ", "4: \rc", "5: d"}), boost::test_tools::per_element());
    write("f", "");
    BOOST_TEST(all(path("f")).empty());
}

BOOST_AUTO_TEST_CASE(a_gzip_file_is_told_by_its_content) {
    write_gzip("f", "a\nb\n");
    BOOST_TEST(all(path("f")) == (Lines{"1: a", "2: b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_line_over_64_kib_has_its_beginning_only) {
    const std::string longest(LineFile::kMaxBytes, 'x');
    const std::string megabyte(1 << 20, 'x');
    write("f", longest + "\n" + longest + "y\n" + megabyte + "\nlast\n");
    BOOST_TEST(all(path("f")) == (Lines{"1: " + longest, "2! " + longest, "3! " + longest, "4: last"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_may_grow_while_it_is_read) {
    write("f", "a\nb");
    LineFile file{path("f")};
    Line line;
    BOOST_TEST(file.next(line));
    BOOST_TEST(!file.next(line));
    append("f", "c\nd");
    BOOST_TEST(file.next(line));
    BOOST_TEST(line.text == "bc");
    BOOST_TEST(!file.next(line));
    BOOST_TEST(file.last(line));
    BOOST_TEST(line.text == "d");
    BOOST_TEST(!file.last(line));
}

BOOST_AUTO_TEST_CASE(the_position_is_the_byte_behind_the_last_line) {
    const std::string megabyte(1 << 20, 'x');
    write("f", "a\r\n" + megabyte + "\nbc");
    LineFile file{path("f")};
    Line line;
    BOOST_TEST(file.position() == 0);
    BOOST_TEST((file.next(line) && file.position() == 3));
    BOOST_TEST((file.next(line) && file.position() == 3 + (1 << 20) + 1));
    BOOST_TEST((file.last(line) && file.position() == 3 + (1 << 20) + 1 + 2));
}

BOOST_AUTO_TEST_CASE(seek_goes_on_at_a_line_in_plain_and_gzip_files) {
    const std::string text = "first\nsecond\nthird\n";
    write("plain", text);
    write_gzip("gzip", text);
    for (const char* name : {"plain", "gzip"}) {
        LineFile file{path(name)};
        Line line;
        BOOST_TEST(file.next(line));
        file.seek(13, 2);
        BOOST_TEST((file.next(line) && line.text == "third" && line.number == 3), name);
        BOOST_TEST(file.position() == static_cast<std::int64_t>(text.size()));
    }
}

BOOST_AUTO_TEST_CASE(has_looks_at_what_is_there_now) {
    write("f", "first\nsecond\n");
    LineFile file{path("f")};
    Line line;
    BOOST_TEST(file.next(line));
    BOOST_TEST(file.has(6, "second"));
    BOOST_TEST(!file.has(6, "Second"));
    BOOST_TEST(!file.has(6, "second\nthird"));
    write("f", "other\n");
    BOOST_TEST(!file.has(0, "first"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_refused_by_its_name) {
    const std::string missing = path("missing");
    BOOST_TEST(refusal_of([&] { LineFile{missing}; }) == "cannot open " + missing + ": No such file or directory");
    BOOST_TEST(refusal_of([&] { InputFile{missing}; }) == "cannot open " + missing + ": No such file or directory");
    const std::string folder = path("");
    BOOST_TEST(refusal_of([&] { all(folder); }) == "cannot read " + folder + ": Is a directory");
    write("broken", std::string{"\x1F\x8B\x08\0\0\0\0\0\0\3\xFF\xFF\xFF\xFF", 14});
    BOOST_TEST(refusal_of([&] { all(path("broken")); }).starts_with("cannot read " + path("broken") + ": "));
}

BOOST_AUTO_TEST_CASE(a_file_is_known_by_device_and_inode) {
    write("f", "12345");
    const auto before = admin::files::file_state(path("f"));
    rename("f", "g");
    const auto after = admin::files::file_state(path("g"));
    BOOST_REQUIRE((before && after));
    BOOST_TEST(before->device == after->device);
    BOOST_TEST(before->inode == after->inode);
    BOOST_TEST(after->size == 5);
    BOOST_TEST(LineFile{path("g")}.state().inode == after->inode);
    BOOST_TEST(!admin::files::file_state(path("f")));
}

BOOST_AUTO_TEST_SUITE_END()
