#include "fcgi/shared_counters.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/folder.hpp"

using fcgi::SharedCounters;

namespace {

const std::vector<std::string> kNames{"a", "b", "c"};

/// A process that counts until it is killed, with a counter of its own.
class Counting {
  public:
    Counting(const std::string& path, std::size_t counter, bool busy, const std::vector<std::string>& names = kNames) {
        BOOST_REQUIRE(pipe(pipe_.data()) == 0);
        pid_ = fork();
        if (pid_ == 0) {
            SharedCounters counters{path, names};
            counters.set_busy(busy);
            for (std::uint64_t counted = 1;; ++counted) {
                counters.add(counter, 1);
                if (write(pipe_[1], &counted, sizeof counted) != sizeof counted) _exit(1);
            }
        }
        BOOST_REQUIRE(pid_ > 0);
        close(pipe_[1]);
        next();
    }
    ~Counting() {
        if (pid_ > 0) end();
        close(pipe_[0]);
    }
    Counting(const Counting&) = delete;
    Counting& operator=(const Counting&) = delete;

    /// Kills it. Returns how much it said it had counted.
    std::uint64_t end() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
        while (next()) {
        }
        return counted_;
    }

  private:
    bool next() { return read(pipe_[0], &counted_, sizeof counted_) == sizeof counted_; }

    std::array<int, 2> pipe_{-1, -1};
    pid_t pid_ = -1;
    std::uint64_t counted_ = 0;
};

struct Fixture {
    test::Folder folder;
    std::string path = folder.path("socket.metrics");

    std::uint64_t sum(std::size_t counter, const std::vector<std::string>& names = kNames) {
        const SharedCounters counters{path, names};
        BOOST_TEST(counters.problem() == "");
        return counters.sum(counter);
    }

    /// A table of another layout, whose names have 16 bytes, with two counters.
    void write_other_layout(std::uint64_t layout) {
        std::ofstream file{path, std::ios::binary};
        const auto put = [&file](std::uint64_t number) {
            file.write(reinterpret_cast<const char*>(&number), sizeof number);
        };
        for (const std::uint64_t number :
             {layout, std::uint64_t{48}, std::uint64_t{32}, std::uint64_t{16}, std::uint64_t{2}, std::uint64_t{0}})
            put(number);
        for (const auto& [name, value] : {std::pair{"b", 7}, std::pair{"of another one", 9}}) {
            std::array<char, 16> text{};
            std::strncpy(text.data(), name, text.size() - 1);
            file.write(text.data(), text.size());
            put(static_cast<std::uint64_t>(value));
            put(0);
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(shared_counters, Fixture)

BOOST_AUTO_TEST_CASE(processes_add_to_the_same_sums_and_a_killed_one_loses_nothing) {
    std::uint64_t first = 0, second = 0;
    {
        Counting one{path, 0, false}, two{path, 0, true};
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        first = one.end();
        second = two.end();
    }
    const std::uint64_t counted = sum(0);  // a process may have died between counting and saying so
    BOOST_TEST((counted >= first + second && counted <= first + second + 2));
    BOOST_TEST(sum(1) == 0);
}

BOOST_AUTO_TEST_CASE(processes_that_live_are_idle_or_busy) {
    SharedCounters counters{path, kNames};
    BOOST_TEST(counters.processes().idle == 1);
    {
        const Counting idle{path, 0, false}, busy{path, 1, true}, another{path, 2, true};
        BOOST_TEST(counters.processes().idle == 2);
        BOOST_TEST(counters.processes().busy == 2);
    }
    counters.set_busy(true);
    BOOST_TEST(counters.processes().idle == 0);
    BOOST_TEST(counters.processes().busy == 1);
    const Counting idle{path, 0, false};  // in the place of a busy one
    BOOST_TEST(counters.processes().idle == 1);
}

BOOST_AUTO_TEST_CASE(a_hundred_processes_one_after_the_other_count_on) {
    std::uint64_t counted = 0;
    for (int i = 0; i < 100; ++i) counted += Counting{path, 2, true}.end();
    BOOST_TEST(sum(2) >= counted);
    BOOST_TEST(sum(2) <= counted + 100);
}

BOOST_AUTO_TEST_CASE(a_version_with_other_counters_counts_in_the_same_file_beside_the_one_before) {
    SharedCounters old{path, kNames};
    old.add(1, 5);
    SharedCounters fresh{path, {"c", "new", "b"}};
    BOOST_TEST(fresh.sum(2) == 5);
    fresh.add(2, 1);
    fresh.add(1, 3);
    old.add(1, 1);
    BOOST_TEST(old.sum(1) == 7);
    BOOST_TEST(fresh.sum(2) == 7);
    BOOST_TEST(sum(0, {"new"}) == 3);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_layout_is_replaced_by_one_that_carries_its_sums) {
    for (const std::uint64_t layout : {0, 2, 77}) {
        write_other_layout(layout);
        BOOST_TEST(sum(1) == 7);
        BOOST_TEST(sum(0, {"of another one"}) == 9);
        BOOST_TEST(sum(0) == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_begun_anew) {
    for (const std::string& content :
         {std::string{"x"}, std::string(5000, 'x'), std::string(5000, '\0'), std::string(40, '\xFF')}) {
        std::ofstream{path, std::ios::binary} << content;
        SharedCounters counters{path, kNames};
        BOOST_TEST(counters.problem() == "");
        counters.add(0, 2);
        BOOST_TEST(counters.sum(0) == 2);
    }
    // Cut off amid its records, as by a full disk.
    { SharedCounters{path, kNames}.add(2, 1); }
    std::filesystem::resize_file(path, 1088 + 200);
    BOOST_TEST(sum(2) == 0);
    BOOST_TEST(sum(0) == 2);
}

BOOST_AUTO_TEST_CASE(where_no_file_can_be_the_counters_are_those_of_this_process) {
    for (const std::string& wrong : {std::string{"/proc/nowhere/socket.metrics"}, folder.path("")}) {
        SharedCounters counters{wrong, kNames};
        BOOST_TEST(counters.problem().starts_with(wrong + ": "));
        counters.add(1, 4);
        BOOST_TEST(counters.sum(1) == 4);
        BOOST_TEST(counters.processes().idle == 1);
    }
    // Not through a link, and no file with a second name: it might be somebody else's.
    std::ofstream{folder.path("theirs")} << "theirs";
    std::filesystem::create_symlink(folder.path("theirs"), path);
    BOOST_TEST(SharedCounters(path, kNames).problem() != "");
    std::filesystem::remove(path);
    std::filesystem::create_hard_link(folder.path("theirs"), path);
    BOOST_TEST(SharedCounters(path, kNames).problem() != "");
    std::ifstream theirs{folder.path("theirs")};
    BOOST_TEST((std::string{std::istreambuf_iterator<char>{theirs}, {}} == "theirs"));
    BOOST_TEST(SharedCounters(std::nullopt, kNames).problem() == "the socket has no path");
}

BOOST_AUTO_TEST_CASE(nobody_else_may_read_the_file) {
    sum(0);
    struct stat status {};
    BOOST_REQUIRE(stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600);
}

BOOST_AUTO_TEST_CASE(the_file_is_found_by_the_socket) {
    const auto path_of = [](const std::string& name, std::string_view runtime_directory) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name.data(), name.size());
        const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        BOOST_REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address),
                           static_cast<socklen_t>(sizeof address.sun_family + name.size())) == 0);
        const auto found = fcgi::counters_path(listener, runtime_directory);
        close(listener);
        return found.value_or("none");
    };
    const std::string own = folder.path("q.sock");
    BOOST_TEST(path_of(own, "") == own + ".metrics");
    std::filesystem::remove(own);
    BOOST_TEST(path_of(own, "/run/queue-statistics-metrics") == "/run/queue-statistics-metrics/q.sock.metrics");
    std::filesystem::remove(own);
    BOOST_TEST(path_of(own, "/run/one:/run/two") == "/run/one/q.sock.metrics");
    BOOST_TEST(path_of(std::string{"\0queue-statistics-test", 22}, "") == "none");  // an abstract name
    BOOST_TEST(!fcgi::counters_path(-1, "").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
