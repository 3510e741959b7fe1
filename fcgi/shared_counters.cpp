#include "fcgi/shared_counters.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include "fcgi/record_locks.hpp"

namespace fcgi {
namespace {

constexpr std::uint64_t kLayout = 1;
constexpr std::size_t kMaxProcesses = 1000;
/// For the lock: another process has it for less than a millisecond, unless it was stopped.
constexpr std::chrono::seconds kLongestWait{2};
constexpr std::chrono::milliseconds kBetweenTries{5};

/// The begin of the file. In every layout the first five numbers mean the same, so that every version can read the sums
/// of any other one.
struct Head {
    std::uint64_t layout;
    std::uint64_t first_record;  ///< where the records begin, in bytes
    std::uint64_t record_bytes;
    std::uint64_t name_bytes;  ///< a record is a name of so many bytes, filled up with zeros, and a number of 8 bytes
    std::uint64_t records;
    std::array<char, kMaxProcesses> busy;  ///< of each process, 1 while it answers a request
};

struct Record {
    std::array<char, 120> name;
    std::uint64_t value;
};
constexpr std::size_t kFirstRecord = 1088;
static_assert(sizeof(Record) == 128 && sizeof(Head) <= kFirstRecord && kFirstRecord % alignof(Record) == 0);

// Bytes that processes lock, far behind the end of the file.
constexpr off_t kOpening = off_t{1} << 40;  // whoever opens the file
constexpr off_t kPresence = kOpening + 1;   // the first of kMaxProcesses: each process has one as long as it lives

std::system_error failure(const char* call) { return {errno, std::generic_category(), call}; }

/// A number in a file that may be broken. Precondition: bytes has it.
std::uint64_t number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

using Sums = std::map<std::string, std::uint64_t, std::less<>>;

/// The sums in a file of any layout; of a file that is none, no sums.
Sums read_sums(std::string_view bytes) {
    Sums sums;
    if (bytes.size() < 5 * sizeof(std::uint64_t)) return sums;
    const std::uint64_t first = number_at(bytes, 8), record = number_at(bytes, 16), name = number_at(bytes, 24);
    const std::uint64_t records = number_at(bytes, 32);
    if (record > bytes.size() || name > record || record - name < sizeof(std::uint64_t)) return sums;
    for (std::uint64_t at = first, i = 0; i < records && at < bytes.size() && bytes.size() - at >= record;
         at += record, ++i) {
        const std::string_view text = bytes.substr(at, name);
        sums[std::string{text.substr(0, text.find('\0'))}] += number_at(bytes, at + name);
    }
    return sums;
}

std::string contents(int file) {
    struct stat status {};
    if (fstat(file, &status) != 0) throw failure("fstat");
    std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
    if (pread(file, bytes.data(), bytes.size(), 0) != status.st_size) throw failure("pread");
    return bytes;
}

void write_all(int file, const void* bytes, std::size_t size, off_t at) {
    if (pwrite(file, bytes, size, at) != static_cast<ssize_t>(size)) throw failure("pwrite");
}

off_t place_of(std::size_t record) { return static_cast<off_t>(kFirstRecord + record * sizeof(Record)); }

/// Appends a record. head: that of the file.
void append(int file, Head& head, std::string_view name, std::uint64_t value) {
    Record record{};
    if (name.size() >= record.name.size()) throw std::system_error{ENAMETOOLONG, std::generic_category(), "counter"};
    std::ranges::copy(name, record.name.begin());
    record.value = value;
    write_all(file, &record, sizeof record, place_of(head.records));
    ++head.records;  // the last to be written: a process that dies before has appended nothing
    write_all(file, &head.records, sizeof head.records, offsetof(Head, records));
}

/// Makes the file an empty table, and appends the sums.
void make_table(int file, const Sums& sums) {
    Head head{kLayout, kFirstRecord, sizeof(Record), sizeof(Record::name), 0, {}};
    if (ftruncate(file, kFirstRecord) != 0) throw failure("ftruncate");
    write_all(file, &head, sizeof head, 0);
    for (const auto& [name, value] : sums) append(file, head, name, value);
}

void wait_for_lock(int file, off_t byte) {
    const auto end = std::chrono::steady_clock::now() + kLongestWait;
    while (!try_lock(file, byte)) {
        if (std::chrono::steady_clock::now() >= end) throw failure("fcntl");
        std::this_thread::sleep_for(kBetweenTries);
    }
}

/// Opens the file, or makes an empty one. Throws when it is not a file of our own.
int open_own(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (file < 0) throw failure("open");
    struct stat status {};
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() && status.st_nlink <= 1)
        return file;
    close(file);
    throw std::system_error{EPERM, std::generic_category(), "it is somebody else's"};
}

bool is_at(int file, const std::string& path) {
    struct stat mine {
    }, there{};
    return fstat(file, &mine) == 0 && lstat(path.c_str(), &there) == 0 && mine.st_dev == there.st_dev &&
           mine.st_ino == there.st_ino;
}

/// Puts a table of our layout, with these sums, in the place of the file.
void replace(const std::string& path, const Sums& sums) {
    const std::string fresh = path + ".new";
    unlink(fresh.c_str());  // of a process that died meanwhile
    const int file = open_own(fresh);
    try {
        make_table(file, sums);
        if (rename(fresh.c_str(), path.c_str()) != 0) throw failure("rename");
    } catch (...) {
        close(file);
        throw;
    }
    close(file);
}

}  // namespace

std::optional<std::string> counters_path(int listening_socket, std::string_view runtime_directory) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    if (getsockname(listening_socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        address.sun_family != AF_UNIX || size <= offsetof(sockaddr_un, sun_path) || address.sun_path[0] != '/')
        return std::nullopt;
    const std::size_t most = size - offsetof(sockaddr_un, sun_path);
    std::string path{address.sun_path, strnlen(address.sun_path, most)};
    // systemd names several folders with colons between them; we have one.
    if (!runtime_directory.empty())
        path = std::string{runtime_directory.substr(0, runtime_directory.find(':'))} + path.substr(path.rfind('/'));
    return path + ".metrics";
}

SharedCounters::SharedCounters(const std::optional<std::string>& path, const std::vector<std::string>& names) {
    try {
        if (path)
            share(*path, names);
        else
            problem_ = "the socket has no path";
    } catch (const std::system_error& error) {
        problem_ = *path + ": " + error.what();
        if (file_ >= 0) close(file_);
        file_ = -1;
    }
    if (file_ >= 0) return;
    bytes_ = kFirstRecord + names.size() * sizeof(Record);
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw failure("mmap");
    records_.clear();
    for (std::size_t i = 0; i < names.size(); ++i) records_.push_back(i);
}

SharedCounters::~SharedCounters() {
    munmap(memory_, bytes_);
    if (file_ >= 0) close(file_);
}

/// One process at a time: it looks for its counters, appends what is missing, and takes a slot.
void SharedCounters::share(const std::string& path, const std::vector<std::string>& names) {
    for (int attempt = 0;; ++attempt) {
        file_ = open_own(path);
        wait_for_lock(file_, kOpening);
        std::string bytes = is_at(file_, path) ? contents(file_) : "";
        if (bytes.empty() && is_at(file_, path)) {
            make_table(file_, {});
            bytes = contents(file_);
        }
        if (bytes.size() >= kFirstRecord && number_at(bytes, 0) == kLayout) break;
        if (attempt == 3) throw std::system_error{EAGAIN, std::generic_category(), "it changes all the time"};
        // Of another layout, or replaced while we waited for the lock.
        if (!bytes.empty()) replace(path, read_sums(bytes));
        close(file_);
        file_ = -1;
    }
    map(names);
    while (slot_ < static_cast<int>(kMaxProcesses) && !try_lock(file_, kPresence + slot_)) ++slot_;
    unlock(file_, kOpening);
    set_busy(false);
}

/// Precondition: the file is a table, and nobody else changes its records.
void SharedCounters::map(const std::vector<std::string>& names) {
    const std::string bytes = contents(file_);
    Head head{};
    std::memcpy(&head, bytes.data(), sizeof head);
    head.records = std::min<std::uint64_t>(head.records, (bytes.size() - kFirstRecord) / sizeof(Record));
    std::map<std::string_view, std::size_t> found;
    for (std::size_t record = 0; record < head.records; ++record) {
        const std::string_view name{bytes.data() + place_of(record), sizeof(Record::name)};
        found.emplace(name.substr(0, name.find('\0')), record);
    }
    for (const std::string& name : names) {
        const auto known = found.find(name);
        records_.push_back(known != found.end() ? known->second : head.records);
        if (known == found.end()) append(file_, head, name, 0);
    }
    bytes_ = kFirstRecord + head.records * sizeof(Record);
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (memory_ == MAP_FAILED) throw failure("mmap");
}

std::uint64_t& SharedCounters::value(std::size_t counter) const noexcept {
    auto* const record = static_cast<char*>(memory_) + kFirstRecord + records_[counter] * sizeof(Record);
    return reinterpret_cast<Record*>(record)->value;
}

void SharedCounters::add(std::size_t counter, std::uint64_t count) noexcept {
    std::atomic_ref{value(counter)}.fetch_add(count, std::memory_order_relaxed);
}

std::uint64_t SharedCounters::sum(std::size_t counter) const noexcept {
    return std::atomic_ref{value(counter)}.load(std::memory_order_relaxed);
}

void SharedCounters::set_busy(bool busy) noexcept {
    if (slot_ >= static_cast<int>(kMaxProcesses)) return;
    std::atomic_ref{static_cast<Head*>(memory_)->busy[static_cast<std::size_t>(slot_)]}.store(
        static_cast<char>(busy), std::memory_order_relaxed);
}

http::Processes SharedCounters::processes() const noexcept {
    http::Processes count;
    const auto add = [&](off_t slot) {
        const char& busy = static_cast<Head*>(memory_)->busy[static_cast<std::size_t>(slot)];
        ++(std::atomic_ref{const_cast<char&>(busy)}.load(std::memory_order_relaxed) != 0 ? count.busy : count.idle);
    };
    if (slot_ < static_cast<int>(kMaxProcesses)) add(slot_);
    if (file_ < 0) return count;
    for_each_lock_of_others(file_, kPresence, kPresence + static_cast<off_t>(kMaxProcesses),
                            [&](off_t byte) { add(byte - kPresence); });
    return count;
}

}  // namespace fcgi
