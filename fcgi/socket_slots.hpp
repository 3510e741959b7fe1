#pragma once

#include <sys/types.h>

#include <chrono>

#include "core/access/hashing_slots.hpp"

namespace fcgi {

/// Hashing slots among the processes that share a listening socket: of N processes at most N - 1 hash at once (one
/// when it is alone), so that one is left for clients whose login needs no hash.
///
/// The slots are record locks (fcntl(2), F_SETLK) on bytes of the socket's inode, which nothing reads or writes: the
/// processes need no file, no number to agree on, and the kernel frees the locks of one that dies.
class SocketSlots final : public core::access::HashingSlots {
  public:
    /// Enters this process into the count. listening_socket: open for as long as the process lives; closing any
    /// descriptor of it would drop its locks.
    explicit SocketSlots(int listening_socket, std::chrono::milliseconds longest_wait = std::chrono::seconds{1});

    bool enter(bool may_wait) override;
    void leave() override;

  private:
    int others(off_t begin, off_t end) const;

    int socket_;
    std::chrono::milliseconds longest_wait_;
    int slot_ = -1;  ///< the one we hold
};

}  // namespace fcgi
