#include "fcgi/socket_slots.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

namespace {

/// A process that shares the socket. It tries to enter a slot, and lives until the object ends.
class Sibling {
  public:
    explicit Sibling(int socket, bool hashes = true) {
        BOOST_REQUIRE(pipe(pipe_) == 0);
        process_ = fork();
        if (process_ == 0) {
            fcgi::SocketSlots slots{socket, 20ms};
            const char answer = hashes && slots.enter(true) ? '1' : '0';
            if (write(pipe_[1], &answer, 1) != 1) _exit(1);
            for (;;) pause();
        }
        BOOST_REQUIRE(process_ > 0);
        char answer = '?';
        BOOST_REQUIRE(read(pipe_[0], &answer, 1) == 1);
        entered = answer == '1';
    }
    ~Sibling() {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
        close(pipe_[0]);
        close(pipe_[1]);
    }
    Sibling(const Sibling&) = delete;
    Sibling& operator=(const Sibling&) = delete;

    bool entered = false;

  private:
    int pipe_[2] = {-1, -1};
    pid_t process_ = -1;
};

struct Fixture {
    int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ~Fixture() { close(socket); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(socket_slots, Fixture)

BOOST_AUTO_TEST_CASE(a_process_alone_has_one_slot) {
    fcgi::SocketSlots slots{socket, 20ms};
    BOOST_TEST(slots.enter(true));
    slots.leave();
    BOOST_TEST(slots.enter(true));
}

BOOST_AUTO_TEST_CASE(of_three_processes_two_hash_at_once_and_a_dead_one_frees_its_slot) {
    fcgi::SocketSlots slots{socket, 20ms};
    const Sibling first{socket};
    BOOST_TEST(first.entered);
    {
        const Sibling idle{socket, false};
        BOOST_TEST(slots.enter(true));  // the second of two slots
        slots.leave();
        const Sibling second{socket};  // the fourth process, so that there are three slots
        BOOST_TEST(second.entered);
        BOOST_TEST(slots.enter(true));
        slots.leave();
    }
    BOOST_TEST(!slots.enter(true));  // of the two processes left, the other one holds the only slot
    fcgi::SocketSlots patient{socket, 10s};
    const auto began = std::chrono::steady_clock::now();
    BOOST_TEST(!patient.enter(false));
    BOOST_TEST((std::chrono::steady_clock::now() - began < 5s));
}

BOOST_AUTO_TEST_CASE(processes_that_were_started_again_count_as_the_others_do) {
    fcgi::SocketSlots slots{socket, 20ms};
    auto first = std::make_unique<Sibling>(socket, false);
    auto second = std::make_unique<Sibling>(socket, false);
    const Sibling third{socket, false};
    for (auto* sibling :
         {&first, &second}) {  // locks the byte of the killed process, but is the last in the kernel's list
        sibling->reset();
        *sibling = std::make_unique<Sibling>(socket);
        BOOST_TEST((*sibling)->entered);
    }
    BOOST_TEST(slots.enter(true));  // the third slot of four processes
}

BOOST_AUTO_TEST_SUITE_END()
