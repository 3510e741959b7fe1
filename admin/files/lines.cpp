#include "admin/files/lines.hpp"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "admin/console/refusal.hpp"

namespace admin::files {

void LineFile::Close::operator()(gzFile_s* file) const { gzclose(file); }

LineFile::LineFile(const std::string& path) : input_{path}, buffer_(4 * kMaxBytes) {
    const int descriptor = dup(input_.descriptor());  // gzclose() closes the one it was given
    if (descriptor < 0) throw console::Refusal{"cannot open " + name() + ": " + std::generic_category().message(errno)};
    file_.reset(gzdopen(descriptor, "rb"));
    if (!file_) {
        close(descriptor);
        throw console::Refusal{"cannot open " + name() + ": out of memory"};
    }
}

bool LineFile::fill() {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        searched_ -= begin_;
        begin_ = 0;
    }
    if (end_ == buffer_.size()) {  // one long line, of which only the beginning is kept
        dropped_ += static_cast<std::int64_t>(end_ - kMaxBytes - 1);
        end_ = kMaxBytes + 1;
        searched_ = end_;
    }
    gzclearerr(file_.get());  // the file may have grown since its end was seen
    const int got = gzread(file_.get(), buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
    int error = Z_OK;
    const char* reason = gzerror(file_.get(), &error);
    if (got < 0 || (error != Z_OK && error != Z_BUF_ERROR)) {
        throw console::Refusal{"cannot read " + name() + ": " +
                               (error == Z_ERRNO ? std::generic_category().message(errno) : std::string{reason})};
    }
    end_ += static_cast<std::size_t>(got);
    return got > 0;
}

void LineFile::give(Line& line, std::string_view text) {
    line.number = ++number_;
    line.too_long = dropped_ > 0 || text.size() > kMaxBytes;
    dropped_ = 0;
    if (text.ends_with('\r')) text.remove_suffix(1);
    line.text = text.substr(0, kMaxBytes);
}

bool LineFile::next(Line& line) {
    for (;;) {
        const char* found = static_cast<const char*>(std::memchr(buffer_.data() + searched_, '\n', end_ - searched_));
        if (found) {
            const std::string_view text{buffer_.data() + begin_, found};
            position_ += static_cast<std::int64_t>(text.size()) + 1 + dropped_;
            begin_ = searched_ = begin_ + text.size() + 1;
            give(line, text);
            return true;
        }
        searched_ = end_;
        if (!fill()) return false;
    }
}

bool LineFile::last(Line& line) {
    if (begin_ == end_) return false;
    const std::string_view text{buffer_.data() + begin_, end_ - begin_};
    position_ += static_cast<std::int64_t>(text.size()) + dropped_;
    begin_ = searched_ = end_;
    give(line, text);
    return true;
}

void LineFile::seek(std::int64_t position, std::int64_t lines) {
    if (gzseek(file_.get(), position, SEEK_SET) < 0)
        throw console::Refusal{"cannot read " + name() + ": no such place in it"};
    begin_ = searched_ = end_ = 0;
    dropped_ = 0;
    position_ = position;
    number_ = lines;
}

bool LineFile::has(std::int64_t position, std::string_view text) const {
    if (gzdirect(file_.get()) == 0) return true;
    std::string found(text.size(), '\0');
    const ssize_t got = pread(input_.descriptor(), found.data(), found.size(), position);
    return got == static_cast<ssize_t>(text.size()) && found == text;
}

}  // namespace admin::files
