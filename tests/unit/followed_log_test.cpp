#define BOOST_TEST_DYN_LINK
#include "admin/files/followed_log.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/unit/folder.hpp"

using admin::files::FollowedLog;
using admin::files::LogPosition;

namespace {

using Lines = std::vector<std::string>;

/// A log named `log` in a folder of its own, and a follower of it.
class Fixture : public test::Folder {
  public:
    Fixture() { restart(); }

    /// Starts again where the last look ended, as the next run of the program does.
    void restart() {
        said.clear();
        log.emplace(path("log"), after, [this](const std::string& text) { said.push_back(without_folder(text)); });
    }

    /// "file number text" of each line that the next looks find.
    Lines read(int looks = 12) {
        Lines lines;
        for (int i = 0; i < looks; ++i) {
            const auto batch = log->read();
            if (!batch) continue;
            for (const FollowedLog::Line& line : batch->lines)
                lines.push_back(without_folder(batch->file) + ' ' + std::to_string(line.number) + ' ' + line.text);
            after = batch->after;
        }
        return lines;
    }

    void check(const Lines& expected) { BOOST_TEST(read() == expected, boost::test_tools::per_element()); }

    std::optional<LogPosition> after;
    Lines said;

  private:
    std::string without_folder(std::string text) const {
        for (std::size_t at = 0; (at = text.find(path(""))) != text.npos;) text.erase(at, path("").size());
        return text;
    }

    std::optional<FollowedLog> log;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(followed_log, Fixture)

BOOST_AUTO_TEST_CASE(lines_come_once_they_have_their_end) {
    write("log", "1|a\n2|b\n3|");
    check({"log 1 1|a", "log 2 2|b"});
    BOOST_TEST(after->byte == 8);
    BOOST_TEST(after->last_line_at == 4);
    BOOST_TEST(after->lines == 2);
    append("log", "c\n");
    check({"log 3 3|c"});
    check({});
    BOOST_TEST(said.empty());
}

BOOST_AUTO_TEST_CASE(a_log_that_is_not_there_yet_is_waited_for_and_said_once) {
    check({});
    BOOST_TEST(said == Lines{"there is no log yet"}, boost::test_tools::per_element());
    write("log", "1|a\n");
    check({"log 1 1|a"});
}

BOOST_AUTO_TEST_CASE(the_next_run_goes_on_behind_the_last_line) {
    write("log", "1|a\n2|b\n");
    check({"log 1 1|a", "log 2 2|b"});
    append("log", "3|c\n");
    restart();
    check({"log 3 3|c"});
}

BOOST_AUTO_TEST_CASE(a_renamed_log_is_read_until_the_next_one_has_a_line) {
    write("log", "1|a\n");
    check({"log 1 1|a"});
    rename("log", "log.1");
    write("log", "");
    append("log.1", "2|b\n");
    check({"log 2 2|b"});
    append("log.1", "3|c\n");
    append("log", "4|d\n");
    check({"log 3 3|c", "log 1 4|d"});
    BOOST_TEST(said == Lines{"goes on with log"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_log_that_was_copied_and_cut_off_goes_on_in_its_copy) {
    write("log", "1|a\n2|b\n");
    check({"log 1 1|a", "log 2 2|b"});
    write("log.1", "1|a\n2|b\n3|c\n");
    write("log", "4|d\n");
    check({"log.1 3 3|c", "log 1 4|d"});
    BOOST_TEST(
        said == (Lines{"log was cut off; looking for its copy", "goes on with the rest of log.1", "goes on with log"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(several_rotations_while_nobody_reads_come_in_order_of_time_also_compressed) {
    write("log", "1|a\n2|b\n");
    check({"log 1 1|a", "log 2 2|b"});
    std::filesystem::remove(path("log"));
    write_gzip("log.3.gz", "1|a\n2|b\n3|c\n");
    write_gzip("log.2.gz", "4|d\n");
    write("log.1", "5|e\n");
    write("log", "6|f\n");
    restart();
    check({"log.3.gz 3 3|c", "log.2.gz 1 4|d", "log.1 1 5|e", "log 1 6|f"});
}

BOOST_AUTO_TEST_CASE(files_that_rotation_does_not_name_so_are_left_alone) {
    write("log", "1|a\n");
    check({"log 1 1|a"});
    for (const char* other : {"log.old", "log.1.bak", "log1", "log.x1", "log.", "blog.1"}) write(other, "2|b\n");
    rename("log", "log-20261129");
    write("log", "3|c\n");
    check({"log 1 3|c"});
}

BOOST_AUTO_TEST_CASE(rotated_files_are_opened_once_while_the_next_file_has_no_line) {
    write("log", "3|c\n");
    check({"log 1 3|c"});
    write_gzip("log.3.gz", "1|a\n");
    write("log.2", "2|b\n");
    rename("log", "log.1");
    write("log", "");
    check({});
    const int watch = inotify_init1(IN_NONBLOCK);
    inotify_add_watch(watch, path("log.2").c_str(), IN_OPEN);
    inotify_add_watch(watch, path("log.3.gz").c_str(), IN_OPEN);
    check({});
    char event[4096];
    BOOST_TEST(::read(watch, event, sizeof event) == -1);
    append("log.2", "4|d\n");  // a changed one is opened again
    check({});
    BOOST_TEST(::read(watch, event, sizeof event) > 0);
    close(watch);
    append("log", "5|e\n");
    check({"log 1 5|e"});
}

BOOST_AUTO_TEST_CASE(a_rotated_file_from_before_the_clock_was_set_back_is_named_once) {
    write("log", "1000|a\n");
    write("log.2", "900|old\n");
    set_time("log.2", 50);
    check({"log 1 1000|a"});
    rename("log", "log.3");
    set_time("log.3", 100);
    write("log.1", "500|set back\n");
    set_time("log.1", 200);
    write("log", "");
    check({});
    check({});
    BOOST_TEST(
        said == Lines{"log.1 begins before log but was written after it: was the clock set back? It is left out; "
                      "queue-statistics import asterisk FILE adds it"},
        boost::test_tools::per_element());
    append("log", "600|b\n");
    check({"log 1 600|b"});
}

BOOST_AUTO_TEST_CASE(a_thousand_lines_are_read_in_one_go) {
    std::string text;
    for (int i = 0; i < 1001; ++i) text += std::to_string(i) + "|x\n";
    write("log", text);
    read(1);
    BOOST_TEST(read(1).size() == 1000U);
    BOOST_TEST(read(1).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
