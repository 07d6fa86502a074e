#include "node/store/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

namespace yishi::store {
namespace {

constexpr ::mode_t kFileMode = 0600;
constexpr std::size_t kCopyBytes = 256 * 1024;

class HeldFile final : public Disk::Held {
 public:
  explicit HeldFile(int file) : file_(file) {}
  ~HeldFile() override { ::close(file_); }
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

 private:
  int file_;
};

// The same bytes once more, so that the next sync writes them.
int rewrite(int file) {
  std::vector<char> buffer(kCopyBytes);
  for (::off_t at = 0;;) {
    const auto bytes = ::pread(file, buffer.data(), buffer.size(), at);
    if (bytes == 0) return 0;
    if (bytes < 0 || ::pwrite(file, buffer.data(), static_cast<std::size_t>(bytes), at) != bytes) {
      return errno != 0 ? errno : EIO;
    }
    at += bytes;
  }
}

class RealDisk final : public Disk {
 public:
  const char* vfs() const override { return nullptr; }

  bool exists(const std::string& path) override {
    struct ::stat status {};
    return ::stat(path.c_str(), &status) == 0;
  }

  std::uint64_t size(const std::string& path) override {
    struct ::stat status {};
    return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }

  std::uint64_t room(const std::string& directory) override {
    struct ::statvfs room {};
    if (::statvfs(directory.c_str(), &room) != 0) return 0;
    return std::uint64_t{room.f_bavail} * room.f_frsize;
  }

  int make_directory(const std::string& path) override {
    std::error_code code;
    std::filesystem::create_directories(path, code);
    return code.value();
  }

  int restrict_access(const std::string& path, unsigned mode) override {
    return ::chmod(path.c_str(), static_cast<::mode_t>(mode)) == 0 ? 0 : errno;
  }

  int sync_directory(const std::string& path) override {
    const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return errno;
    const int error = ::fsync(directory) == 0 ? 0 : errno;
    ::close(directory);
    return error;
  }

  int make_durable(const std::string& path) override {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return errno == ENOENT ? 0 : errno;
    int error = rewrite(file);
    if (error == 0 && ::fsync(file) != 0) error = errno;
    ::close(file);
    return error;
  }

  int rename(const std::string& from, const std::string& to) override {
    return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  }

  void remove(const std::string& path) override { ::unlink(path.c_str()); }

  int allocate(const std::string& path, std::uint64_t bytes) override {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode);
    if (file < 0) return errno;
    const int error = ::posix_fallocate(file, 0, static_cast<::off_t>(bytes));
    ::close(file);
    if (error != 0) remove(path);
    return error;
  }

  std::unique_ptr<Held> lock(const std::string& path, int& error) override {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
    if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) return std::make_unique<HeldFile>(file);
    error = errno;
    if (file >= 0) ::close(file);
    return nullptr;
  }
};

}  // namespace

Disk& Disk::real() {
  static RealDisk disk;
  return disk;
}

}  // namespace yishi::store
