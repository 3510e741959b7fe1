#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// systemd's journal on standard error. The journal reads a syslog priority such as `<3>` at the begin of a line, and
/// keeps it apart from the text, so that `journalctl -p err` works. A file or a terminal would keep it as text.
namespace core {

/// Syslog priorities (RFC 5424, section 6.2.1).
enum class Priority : char { kError = '3', kWarning = '4', kInformation = '6' };

/// Whether a file is the journal. journal_stream: the variable JOURNAL_STREAM that systemd sets, DEVICE:INODE in
/// decimal (systemd.exec(5)); empty where there is none. A program that a unit starts with its output elsewhere
/// inherits the variable, so device and inode, those of the file, must be compared.
inline bool is_journal(std::string_view journal_stream, std::uint64_t device, std::uint64_t inode) {
    return journal_stream == std::to_string(device) + ':' + std::to_string(inode);
}

}  // namespace core
