#include "node/store/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "node/store/limits.h"

namespace yishi::store {
namespace {

constexpr ::mode_t kDirectoryMode = 0700;
constexpr ::mode_t kFileMode = 0600;

Error directory_error(const std::string& path, int system) {
  const std::string reason = std::generic_category().message(system);
  return {"store.directory", path, "无法使用数据目录 " + path + "：" + reason,
          "cannot use the data directory " + path + ": " + reason};
}

}  // namespace

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

Status DataDirectory::make() {
  std::error_code code;
  std::filesystem::create_directories(path_, code);
  if (code) return directory_error(path_, code.value());
  return {};
}

Status DataDirectory::lock() {
  if (::chmod(path_.c_str(), kDirectoryMode) != 0) return directory_error(path_, errno);
  const std::string file = path_ + "/lock";
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (lock_ < 0) return directory_error(path_, errno);
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  const int system = errno;
  ::close(lock_);
  lock_ = -1;
  if (system != EWOULDBLOCK) return directory_error(path_, system);
  return Error{"store.locked", path_, "另一个进程正在使用数据目录 " + path_,
               "another process is using the data directory " + path_};
}

Status DataDirectory::sync() const {
  const int directory = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return directory_error(path_, errno);
  const bool synced = ::fsync(directory) == 0;
  const int system = errno;
  ::close(directory);
  if (!synced) return directory_error(path_, system);
  return {};
}

void DataDirectory::release_reserve() {
  ::unlink((path_ + "/reserve").c_str());
  reserved_ = false;
}

bool DataDirectory::make_reserve() {
  const std::string file = path_ + "/reserve";
  struct ::stat status {};
  if (::stat(file.c_str(), &status) == 0 &&
      static_cast<std::uint64_t>(status.st_size) == kReserveBytes) {
    reserved_ = true;
    return true;
  }
  struct ::statvfs room {};
  if (::statvfs(path_.c_str(), &room) != 0) return false;
  if (std::uint64_t{room.f_bavail} * room.f_frsize < kReserveRoomBytes) return false;
  const int reserve = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode);
  if (reserve < 0) return false;
  reserved_ = ::posix_fallocate(reserve, 0, static_cast<::off_t>(kReserveBytes)) == 0;
  ::close(reserve);
  if (!reserved_) ::unlink(file.c_str());
  return reserved_;
}

}  // namespace yishi::store
