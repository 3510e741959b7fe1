#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

namespace test {

/// A new folder, removed at the end of its life.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "unit-tests-XXXXXX").string();
        if (!mkdtemp(name.data())) std::abort();
        path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path(const std::string& name) const { return (path_ / name).string(); }

    void write(const std::string& name, const std::string& content) const {
        std::ofstream{path(name), std::ios::binary} << content;
    }
    void append(const std::string& name, const std::string& content) const {
        std::ofstream{path(name), std::ios::binary | std::ios::app} << content;
    }
    void write_gzip(const std::string& name, const std::string& content) const {
        const gzFile file = gzopen(path(name).c_str(), "wb");
        gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
        gzclose(file);
    }
    void rename(const std::string& from, const std::string& to) const { std::filesystem::rename(path(from), path(to)); }
    /// Says that the file was modified so many seconds after 1970.
    void set_time(const std::string& name, std::time_t seconds) const {
        const timespec times[2]{{seconds, 0}, {seconds, 0}};
        utimensat(AT_FDCWD, path(name).c_str(), times, 0);
    }

  private:
    std::filesystem::path path_;
};

}  // namespace test
