#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/counters.hpp"

namespace fcgi {

/// The file of the counters of a listening socket's processes; nullopt for a socket without a path. With
/// runtime_directory, which systemd names in RUNTIME_DIRECTORY, it is the file there with the name of the socket and
/// `.metrics`; else the socket's path and `.metrics`.
std::optional<std::string> counters_path(int listening_socket, std::string_view runtime_directory);

/// Counters in a file that all processes of a socket map into their memory: each adds to it by one instruction, so that
/// a process that is killed loses nothing it had counted. The file lives as long as its folder, and below /run that is
/// until the machine is started again.
///
/// The file is a table of names and values (shared_counters.cpp). A process finds its counters by their names, and
/// appends those that are missing. So a version with other counters counts in the same file, beside the one before. The
/// file begins with the number of its layout; a file with another number is replaced by one that carries its sums over.
///
/// Each process holds a record lock on a byte of its own, as in SocketSlots, by which others see that it lives. At most
/// 1000 processes count.
class SharedCounters final : public http::Counters {
  public:
    /// Opens or makes the file. names: of the counters, by their numbers. When it cannot be used, say because the
    /// folder is not ours to write or the file is somebody else's, the counters are those of this process alone, and
    /// problem() says why. path: nullopt for such counters from the start.
    SharedCounters(const std::optional<std::string>& path, const std::vector<std::string>& names);
    ~SharedCounters() override;
    SharedCounters(const SharedCounters&) = delete;
    SharedCounters& operator=(const SharedCounters&) = delete;

    /// Why the counters are not shared; empty when they are.
    const std::string& problem() const { return problem_; }

    void add(std::size_t counter, std::uint64_t count) noexcept override;
    std::uint64_t sum(std::size_t counter) const noexcept override;
    void set_busy(bool busy) noexcept override;
    http::Processes processes() const noexcept override;

  private:
    void share(const std::string& path, const std::vector<std::string>& names);
    void map(const std::vector<std::string>& names);
    std::uint64_t& value(std::size_t counter) const noexcept;

    std::string problem_;
    int file_ = -1;  ///< -1: not shared
    void* memory_ = nullptr;
    std::size_t bytes_ = 0;             ///< of memory_
    std::vector<std::size_t> records_;  ///< of each counter, the number of its record in the file
    int slot_ = 0;                      ///< of this process
};

}  // namespace fcgi
