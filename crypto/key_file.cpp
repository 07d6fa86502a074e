#include "crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "crypto/openssl_handles.h"
#include "crypto/random.h"

namespace yishi::crypto {
namespace {

constexpr std::size_t kMaxKeyFileBytes = std::size_t{16} * 1024;
constexpr std::size_t kTemporaryNameBytes = 8;  // random, written in hexadecimal
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kGroupAndOthers = S_IRWXG | S_IRWXO;

class File {  // a descriptor that is closed once
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  bool close() {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

class TemporaryName {  // a file that is removed again unless it got its final name
 public:
  explicit TemporaryName(std::string path) : path_(std::move(path)) {}
  ~TemporaryName() {
    if (!renamed_) ::unlink(path_.c_str());
  }
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

  bool rename_to(const std::string& target) {
    renamed_ = ::rename(path_.c_str(), target.c_str()) == 0;
    return renamed_;
  }

 private:
  std::string path_;
  bool renamed_ = false;
};

// Call at once after what failed: it reads errno.
Error system_error(std::string_view rule, const std::string& path, std::string_view zh,
                   std::string_view en) {
  const std::string reason = std::generic_category().message(errno);
  return {std::string(rule), path, std::string(zh) + " " + path + ":" + reason,
          std::string(en) + " " + path + ": " + reason};
}

Error write_error(const std::string& path) {
  return system_error("file.write", path, "无法写入文件", "cannot write the file");
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool write_all(int descriptor, View bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// Reads to the end, or to the end of `out`; the count, or nothing on a fault.
std::optional<std::size_t> read_all(int descriptor, Bytes& out) {
  std::size_t count = 0;
  while (count < out.size()) {
    const ssize_t got = ::read(descriptor, out.data() + count, out.size() - count);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    count += static_cast<std::size_t>(got);
  }
  return count;
}

bool sync_folder(const std::string& path) {
  const File folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.is_open() && ::fsync(folder.get()) == 0;
}

Error mode_error(const std::string& path, mode_t mode) {
  char octal[8];
  std::snprintf(octal, sizeof octal, "%03o", static_cast<unsigned>(mode & 0777));
  return {"file.mode", path,
          "文件 " + path + " 的权限是 " + octal + ",其他人可以访问;请执行 chmod 600",
          "the file " + path + " has mode " + octal + ", so others may use it: chmod 600 it"};
}

Error too_large(const std::string& path, std::size_t max_bytes) {
  const std::string max = std::to_string(max_bytes);
  return {"file.size", path, "文件 " + path + " 过大,最多 " + max + " 字节",
          "the file " + path + " is too large: at most " + max + " bytes"};
}

// The size of a file that may be loaded.
Result<std::size_t> check_file(int descriptor, const std::string& path, std::size_t max_bytes) {
  struct stat about {};
  if (::fstat(descriptor, &about) != 0) {
    return system_error("file.read", path, "无法读取文件", "cannot read the file");
  }
  if (!S_ISREG(about.st_mode)) {
    return Error{"file.kind", path, path + " 不是普通文件", path + " is not a regular file"};
  }
  if ((about.st_mode & kGroupAndOthers) != 0) return mode_error(path, about.st_mode);
  if (static_cast<std::uint64_t>(about.st_size) > max_bytes) return too_large(path, max_bytes);
  return static_cast<std::size_t>(about.st_size);
}

}  // namespace

Status save_private_file(const std::string& path, View bytes) {
  // A random name: what a crash left behind is never in the way, nor is another writer.
  const std::string temporary =
      path + "." + to_hex(SystemRandom().bytes(kTemporaryNameBytes)) + ".tmp";
  File file(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly));
  if (!file.is_open()) return write_error(path);
  TemporaryName name(temporary);
  if (!write_all(file.get(), bytes)) return write_error(path);
  if (::fsync(file.get()) != 0) return write_error(path);
  if (!file.close()) return write_error(path);
  if (!name.rename_to(path)) return write_error(path);
  if (!sync_folder(path)) return write_error(path);
  return {};
}

Result<Bytes> load_private_file(const std::string& path, std::size_t max_bytes) {
  // Non-blocking, so that a pipe put in the file's place cannot hold us up.
  const File file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) {
    return system_error("file.read", path, "无法读取文件", "cannot read the file");
  }
  const auto size = check_file(file.get(), path, max_bytes);
  if (!size) return size.error();
  Bytes bytes(*size + 1);  // one more, to see a file that grew since
  const auto count = read_all(file.get(), bytes);
  if (!count) return system_error("file.read", path, "无法读取文件", "cannot read the file");
  if (*count != *size) {
    return Error{"file.changed", path, "读取时文件 " + path + " 被改动,请重试",
                 "the file " + path + " changed while it was read: try again"};
  }
  bytes.resize(*size);
  return bytes;
}

Status save_key(const std::string& path, const PrivateKey& key, std::string_view passphrase) {
  return save_private_file(path, view_of(key.to_encrypted_pem(passphrase)));
}

Result<PrivateKey> load_key(const std::string& path, std::string_view passphrase) {
  const auto bytes = load_private_file(path, kMaxKeyFileBytes);
  if (!bytes) return bytes.error();
  auto key = PrivateKey::from_encrypted_pem(text_of(*bytes), passphrase);
  if (key) return key;
  Error error = key.error();
  error.field = path;
  error.zh = "密钥文件 " + path + ":" + error.zh;
  error.en = "key file " + path + ": " + error.en;
  return error;
}

}  // namespace yishi::crypto
