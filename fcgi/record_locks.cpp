#include "fcgi/record_locks.hpp"

#include <fcntl.h>

#include <algorithm>

namespace fcgi {
namespace {

struct flock record(short type, off_t begin, off_t bytes) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = begin;
    lock.l_len = bytes;
    return lock;
}

}  // namespace

bool try_lock(int file, off_t byte) {
    struct flock one = record(F_WRLCK, byte, 1);
    return fcntl(file, F_SETLK, &one) == 0;
}

void unlock(int file, off_t byte) {
    struct flock one = record(F_UNLCK, byte, 1);
    fcntl(file, F_SETLK, &one);
}

/// F_GETLK tells one lock, which need not be the one with the lowest byte: the kernel lists locks in the order of the
/// processes that took them, and a process that was started again has a low byte and comes last. So the bytes on both
/// sides of that lock are looked at too.
void for_each_lock_of_others(int file, off_t begin, off_t end, const std::function<void(off_t byte)>& visit) {
    if (begin >= end) return;
    struct flock found = record(F_WRLCK, begin, end - begin);
    if (fcntl(file, F_GETLK, &found) != 0 || found.l_type == F_UNLCK) return;
    // A process that has locked bytes beside these has one lock on all of them.
    const off_t first = std::max(begin, found.l_start);
    const off_t behind = found.l_len == 0 ? end : std::min(end, found.l_start + found.l_len);
    for (off_t byte = first; byte < behind; ++byte) visit(byte);
    for_each_lock_of_others(file, begin, first, visit);
    for_each_lock_of_others(file, behind, end, visit);
}

}  // namespace fcgi
