#include "fcgi/socket_slots.hpp"

#include <algorithm>
#include <thread>

#include "fcgi/record_locks.hpp"

namespace fcgi {
namespace {

constexpr int kMaxProcesses = 1000;
constexpr off_t kPresence = 0;           // the first of kMaxProcesses bytes: each process locks one as long as it lives
constexpr off_t kSlots = kMaxProcesses;  // the first of the bytes that are the slots
constexpr std::chrono::milliseconds kBetweenTries{5};

}  // namespace

SocketSlots::SocketSlots(int listening_socket, std::chrono::milliseconds longest_wait)
    : socket_{listening_socket}, longest_wait_{longest_wait} {
    off_t byte = kPresence;
    while (byte < kPresence + kMaxProcesses && !try_lock(socket_, byte)) ++byte;
}

int SocketSlots::others() const {
    int count = 0;
    for_each_lock_of_others(socket_, kPresence, kPresence + kMaxProcesses, [&count](off_t) { ++count; });
    return count;
}

bool SocketSlots::enter(bool may_wait) {
    const auto end = std::chrono::steady_clock::now() + longest_wait_;
    const int slots = std::max(1, others());
    for (;;) {
        for (int slot = 0; slot < slots; ++slot) {
            if (!try_lock(socket_, kSlots + slot)) continue;
            slot_ = slot;
            return true;
        }
        if (!may_wait || std::chrono::steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(kBetweenTries);
    }
}

void SocketSlots::leave() {
    unlock(socket_, kSlots + slot_);
    slot_ = -1;
}

}  // namespace fcgi
