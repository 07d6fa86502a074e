#include "node/store/data_directory.h"

#include <cerrno>
#include <system_error>

#include "node/store/limits.h"

namespace yishi::store {
namespace {

constexpr unsigned kDirectoryMode = 0700;

Error directory_error(const std::string& path, int system) {
  const std::string reason = std::generic_category().message(system);
  return {"store.directory", path, "无法使用数据目录 " + path + "：" + reason,
          "cannot use the data directory " + path + ": " + reason};
}

}  // namespace

Status DataDirectory::make() {
  const int error = disk_.make_directory(path_);
  if (error != 0) return directory_error(path_, error);
  return {};
}

Status DataDirectory::lock() {
  int error = disk_.restrict_access(path_, kDirectoryMode);
  if (error != 0) return directory_error(path_, error);
  lock_ = disk_.lock(path_ + "/lock", error);
  if (lock_) return {};
  if (error != EWOULDBLOCK) return directory_error(path_, error);
  return Error{"store.locked", path_, "另一个进程正在使用数据目录 " + path_,
               "another process is using the data directory " + path_};
}

Status DataDirectory::sync() const {
  const int error = disk_.sync_directory(path_);
  if (error != 0) return directory_error(path_, error);
  return {};
}

void DataDirectory::release_reserve() {
  disk_.remove(path_ + "/reserve");
  reserved_ = false;
}

bool DataDirectory::make_reserve() {
  const std::string file = path_ + "/reserve";
  reserved_ = disk_.size(file) == kReserveBytes ||
              (disk_.room(path_) >= kReserveRoomBytes && disk_.allocate(file, kReserveBytes) == 0);
  return reserved_;
}

}  // namespace yishi::store
