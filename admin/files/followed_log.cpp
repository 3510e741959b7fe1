#include "admin/files/followed_log.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "admin/console/refusal.hpp"

namespace admin::files {
namespace {

constexpr std::size_t kMaxLines = 1000;
constexpr std::size_t kMaxBytes = 1024 * 1024;
constexpr std::size_t kKnownBytes = 256;         // a line is recognised by so many bytes of its beginning
constexpr std::int64_t kLinesWithoutTime = 100;  // a file with no time in so many lines is not a log
// While rotation renames or compresses, a file may for a moment be there under none of its names.
constexpr std::chrono::seconds kLongestSearch{5};

std::string_view known(std::string_view line) { return line.substr(0, kKnownBytes); }

/// The Unix seconds at the beginning of a line. Returns nullopt when there are none.
std::optional<std::int64_t> time_of(std::string_view line) {
    std::int64_t time = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), time);
    if (error != std::errc{} || end == line.data() + line.size() || *end != '|') return std::nullopt;
    return time;
}

/// Opens a file. Returns null when that fails, for instance because rotation has just renamed the file.
std::unique_ptr<LineFile> open_rotated(const std::string& path) {
    try {
        return std::make_unique<LineFile>(path);
    } catch (const console::Refusal&) {
        return nullptr;
    }
}

/// Whether rotation could have put this ending behind a log's name: a number or a time, perhaps with `.gz`. Any other
/// file beside the log, such as an excerpt that somebody made, holds events that were counted already.
bool is_of_rotation(std::string_view ending) {
    if (ending.ends_with(".gz")) ending.remove_suffix(3);
    return ending.size() > 1 && (ending[0] == '.' || ending[0] == '-') && ending[1] >= '0' && ending[1] <= '9' &&
           ending.find_first_not_of("0123456789T_:.-") == std::string_view::npos;
}

}  // namespace

FollowedLog::FollowedLog(std::string path, const std::optional<LogPosition>& position,
                         std::function<void(const std::string&)> say)
    : path_{std::move(path)},
      say_{std::move(say)},
      position_{position.value_or(LogPosition{})},
      positioned_{position.has_value()} {}

std::optional<FollowedLog::Batch> FollowedLog::read() {
    const bool begins = !positioned_;
    if (!file_ && !find()) return std::nullopt;
    Batch batch;
    if (begins) return Batch{file_->name(), {}, position_};
    if (file_) {
        batch = {file_->name(), {}, position_};
        take(batch);
        // The check comes before the lines count: after a truncation they may be new lines, written over the old ones.
        if (is_rewritten(batch.after)) {
            say_(path_ + " was cut off; looking for its copy");
            if (position_.byte == 0) position_.first_line = batch.after.first_line;
            file_.reset();
            return std::nullopt;
        }
        if (!batch.lines.empty() && rotated_unread()) {
            file_.reset();
            return std::nullopt;
        }
    }
    if (batch.lines.empty()) {
        const std::optional<std::string> next = next_file();
        if (!next) return std::nullopt;
        if (file_) take(batch);  // the last lines, written before the next file got its first
        files::Line line;
        const std::int64_t at = position_.byte;
        if (batch.lines.empty() && file_ && file_->last(line)) add(batch, at, line);
        if (batch.lines.empty()) {
            if (!start(*next)) return std::nullopt;
            say_("goes on with " + *next);
            return Batch{file_->name(), {}, position_};
        }
    }
    position_ = batch.after;
    return batch;
}

void FollowedLog::take(Batch& batch) {
    files::Line line;
    std::size_t bytes = 0;
    while (batch.lines.size() < kMaxLines && bytes < kMaxBytes) {
        const std::int64_t at = file_->position();
        if (!file_->next(line)) break;
        bytes += line.text.size();
        add(batch, at, line);
    }
}

void FollowedLog::add(Batch& batch, std::int64_t at, const files::Line& line) const {
    batch.lines.push_back({line.number, std::string{line.text}, line.too_long});
    if (at == 0) batch.after.first_line = known(line.text);
    batch.after.last_line = known(line.text);
    batch.after.last_line_at = at;
    batch.after.byte = file_->position();
    batch.after.lines = line.number;
}

/// Opens the file of position_. Returns false when the file cannot be found yet. Returns true with file_ null when the
/// search is given up.
bool FollowedLog::find() {
    if (!positioned_) {
        if (start(path_)) return true;
        if (!waiting_) say_("there is no " + path_ + " yet");
        waiting_ = true;
        return false;
    }
    given_up_ = given_up_ || rotated_unread();
    if (given_up_) return true;
    if (resume(path_)) return true;
    std::vector<std::pair<FileState, std::string>> files;
    bool shorter = false;  // there is a copy that was made before the last lines were read
    for (const std::string& path : rotated()) {
        if (const auto state = file_state(path)) files.emplace_back(*state, path);
    }
    // The file itself comes first, then the longest of its copies.
    std::ranges::sort(files, std::greater{}, [this](const auto& file) {
        return std::pair{file.first.device == position_.device && file.first.inode == position_.inode, file.first.size};
    });
    for (const auto& [state, path] : files) {
        if (resume(path)) {
            say_("goes on with the rest of " + path);
            return true;
        }
        files::Line line;
        const auto file = open_rotated(path);
        shorter = shorter || (file && !position_.first_line.empty() && file->next(line) &&
                              known(line.text) == position_.first_line);
    }
    const Clock::time_point now = Clock::now();
    if (!searching_since_) searching_since_ = now;
    if (now - *searching_since_ < kLongestSearch) return false;
    if (!shorter) {
        say_("the file that was read up to byte " + std::to_string(position_.byte) + " is neither " + path_ +
             " nor beside it; what it has after that is missing: queue-statistics import asterisk FILE adds it");
    }
    searching_since_.reset();
    given_up_ = true;
    return true;
}

/// Opens a file when it is the one of position_, and goes to that position. Returns whether it is.
bool FollowedLog::resume(const std::string& path) {
    std::unique_ptr<LineFile> file = open_rotated(path);
    if (!file) return false;
    try {
        const FileState state = file->state();
        files::Line line;
        if (position_.first_line.empty()) {
            if (state.device != position_.device || state.inode != position_.inode) return false;
        } else if (position_.byte == 0) {
            if (!file->next(line) || known(line.text) != position_.first_line) return false;
            file->seek(0, 0);
        } else {
            if ((!file->next(line) && !file->last(line)) || known(line.text) != position_.first_line) return false;
            file->seek(position_.last_line_at, position_.lines - 1);
            if ((!file->next(line) && !file->last(line)) || known(line.text) != position_.last_line ||
                file->position() != position_.byte)
                return false;
        }
        position_.device = state.device;
        position_.inode = state.inode;
    } catch (const console::Refusal&) {
        return false;  // a gzip file that is still being written
    }
    file_ = std::move(file);
    searching_since_.reset();
    return true;
}

/// Opens a file and begins at its first line. Returns false when the file is not there.
bool FollowedLog::start(const std::string& path) {
    if (!file_state(path)) return false;
    std::unique_ptr<LineFile> file;
    try {
        file = std::make_unique<LineFile>(path);
    } catch (const console::Refusal&) {
        if (!file_state(path)) return false;  // rotation took the file away in between
        throw;
    }
    file_ = std::move(file);
    const FileState state = file_->state();
    position_ = {state.device, state.inode, state.modified, {}, {}, 0, 0, 0};
    files::Line line;
    if (file_->next(line)) position_.first_line = known(line.text);
    file_->seek(0, 0);
    positioned_ = true;
    given_up_ = false;
    next_.reset();
    return true;
}

/// Whether the log was rotated after we opened it and before it had a line: then a file beside it is younger.
bool FollowedLog::rotated_unread() const {
    return position_.first_line.empty() && std::ranges::any_of(rotated(), [this](const std::string& path) {
               const auto state = file_state(path);
               return state && state->modified > position_.modified;
           });
}

/// Whether the file no longer has the lines that were read of it.
bool FollowedLog::is_rewritten(const LogPosition& position) const {
    return !file_->has(0, position.first_line) || !file_->has(position.last_line_at, position.last_line);
}

/// The path of the file that follows the one of position_: the oldest rotated file that began later, else the log
/// itself. Returns nullopt while that file has no line, and until two calls have seen the same file: during a rotation
/// an earlier file may be out of sight for a moment.
std::optional<std::string> FollowedLog::next_file() {
    struct Candidate {
        FileState state;
        std::string path;
    };
    const auto is_current = [this](const FileState& state, std::string_view first_line) {
        if (file_ && state.device == position_.device && state.inode == position_.inode) return true;
        return !position_.first_line.empty() && known(first_line) == position_.first_line;
    };
    const auto log = file_state(path_);
    if (log && file_ && log->device == position_.device && log->inode == position_.inode) return std::nullopt;

    std::optional<std::pair<std::pair<std::int64_t, std::int64_t>, Candidate>> found;
    const std::optional<std::int64_t> began = time_of(position_.first_line);
    const std::int64_t modified = file_ ? file_->state().modified : began ? INT64_MAX : position_.modified;
    for (const std::string& path : rotated()) {
        const std::optional<FileState> state = file_state(path);
        if (!state) continue;
        Beginning& file = beginning(path, *state);
        if (!file.time || is_current(*state, file.first_line)) continue;
        const std::pair key{began ? *file.time : 0, state->modified};
        if (key <= std::pair{began.value_or(0), modified}) {
            if (file_ && began && state->modified > modified && !std::exchange(file.named, true))
                say_(path + " begins before " + file_->name() +
                     " but was written after it: was the clock set back? It is left out; queue-statistics import "
                     "asterisk FILE adds it");
            continue;
        }
        if (!found || key < found->first) found = {key, {*state, path}};
    }
    files::Line line;
    if (!found && log) {
        const auto file = open_rotated(path_);
        if (file && file->next(line) && !is_current(file->state(), line.text)) found = {{0, 0}, {file->state(), path_}};
    }
    if (!found) {
        next_.reset();
        return std::nullopt;
    }
    const Candidate& next = found->second;
    const bool again = next_ && next_->device == next.state.device && next_->inode == next.state.inode;
    next_ = next.state;
    return again ? std::optional{next.path} : std::nullopt;
}

/// What the rotated file at a path begins with. state: of the file now.
FollowedLog::Beginning& FollowedLog::beginning(const std::string& path, const FileState& state) {
    Beginning& known_one = beginnings_[path];
    if (known_one.state == state) return known_one;
    known_one = {state, {}, {}};
    const auto file = open_rotated(path);
    if (!file) return known_one;
    files::Line line;
    try {
        if (!file->next(line)) return known_one;
        known_one.first_line = line.text;
        do {  // the first line may be the rest of one that a copying rotation cut in two
            known_one.time = time_of(line.text);
        } while (!known_one.time && line.number < kLinesWithoutTime && file->next(line));
    } catch (const console::Refusal&) {
        known_one.time.reset();  // a gzip file that is still being written
    }
    return known_one;
}

/// The paths of the files beside the log whose names say that rotation made them of the log.
std::vector<std::string> FollowedLog::rotated() const {
    const std::filesystem::path log{path_};
    const std::string name = log.filename().string();
    std::vector<std::string> paths;
    std::error_code error;
    const auto folder = log.has_parent_path() ? log.parent_path() : std::filesystem::path{"."};
    for (std::filesystem::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error)) {
        const std::string other = it->path().filename().string();
        if (!other.starts_with(name) || !is_of_rotation(std::string_view{other}.substr(name.size()))) continue;
        std::error_code ignored;
        if (it->is_regular_file(ignored)) paths.push_back(it->path().string());
    }
    return paths;
}

}  // namespace admin::files
