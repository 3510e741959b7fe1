#pragma once

#include <chrono>

#include "core/access/hashing_slots.hpp"

namespace fcgi {

/// The semaphore of core::access::HashingSlots among the processes that share a listening socket. Of N processes at
/// most N - 1 hash at once, so that one is left for clients whose login needs no hash. A process that is alone may hash
/// too.
///
/// The slots are record locks on bytes of the socket's inode, which no process reads or writes. So
/// the processes need neither a file nor a configured number of processes, and the kernel frees the locks of a process
/// that dies. At most 1000 processes count.
class SocketSlots final : public core::access::HashingSlots {
  public:
    /// Counts this process in. listening_socket: must stay open as long as the process lives, because closing any of
    /// its descriptors drops the locks. longest_wait: how long enter(true) waits.
    explicit SocketSlots(int listening_socket, std::chrono::milliseconds longest_wait = std::chrono::seconds{1});

    bool enter(bool may_wait) override;
    void leave() override;

  private:
    int others() const;  ///< how many other processes share the socket

    int socket_;
    std::chrono::milliseconds longest_wait_;
    int slot_ = -1;  ///< the slot that this process holds, or -1
};

}  // namespace fcgi
