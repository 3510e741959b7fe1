#include "fcgi/socket_slots.hpp"

#include <fcntl.h>

#include <algorithm>
#include <thread>

namespace fcgi {
namespace {

constexpr int kMaxProcesses = 1000;
constexpr off_t kPresence = 0;           // the first of kMaxProcesses bytes: each process locks one as long as it lives
constexpr off_t kSlots = kMaxProcesses;  // the first of the bytes that are the slots
constexpr std::chrono::milliseconds kBetweenTries{5};

struct flock record(short type, off_t begin, off_t bytes) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = begin;
    lock.l_len = bytes;
    return lock;
}

bool try_lock(int file, off_t byte) {
    struct flock lock = record(F_WRLCK, byte, 1);
    return fcntl(file, F_SETLK, &lock) == 0;
}

}  // namespace

SocketSlots::SocketSlots(int listening_socket, std::chrono::milliseconds longest_wait)
    : socket_{listening_socket}, longest_wait_{longest_wait} {
    off_t byte = kPresence;
    while (byte < kPresence + kMaxProcesses && !try_lock(socket_, byte)) ++byte;
}

/// How many of the bytes begin <= byte < end other processes hold. F_GETLK tells one lock, which need not be the one
/// with the lowest byte: the kernel lists locks in the order of the processes that took them, and a process that was
/// started again has a low byte and comes last. So the bytes on both sides of that lock are counted too.
int SocketSlots::others(off_t begin, off_t end) const {
    if (begin >= end) return 0;
    struct flock lock = record(F_WRLCK, begin, end - begin);
    if (fcntl(socket_, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return 0;
    const off_t behind = lock.l_start + lock.l_len;
    return static_cast<int>(lock.l_len) + others(begin, lock.l_start) + others(behind, end);
}

bool SocketSlots::enter(bool may_wait) {
    const auto end = std::chrono::steady_clock::now() + longest_wait_;
    const int slots = std::max(1, others(kPresence, kPresence + kMaxProcesses));
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
    struct flock lock = record(F_UNLCK, kSlots + slot_, 1);
    fcntl(socket_, F_SETLK, &lock);
    slot_ = -1;
}

}  // namespace fcgi
