#include "node/http/socket_path.h"

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <utility>

namespace yishi::http {
namespace {

constexpr std::size_t kMaxPathBytes = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

Result<ReachablePath> ReachablePath::of(const std::string& path) {
  if (path.size() <= kMaxPathBytes) return ReachablePath(path, -1);
  const Error too_long{"http.path.long", path, "套接字路径过长：" + path,
                       "the socket's path is too long: " + path};
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return too_long;
  const std::string folder = path.substr(0, slash + 1);
  const int handle = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return too_long;
  std::string text = "/proc/self/fd/" + std::to_string(handle) + '/' + path.substr(slash + 1);
  ReachablePath reachable(std::move(text), handle);
  if (reachable.text().size() > kMaxPathBytes) return too_long;
  return reachable;
}

ReachablePath::ReachablePath(ReachablePath&& other) noexcept
    : text_(std::move(other.text_)), folder_(std::exchange(other.folder_, -1)) {}

ReachablePath::~ReachablePath() {
  if (folder_ >= 0) ::close(folder_);
}

}  // namespace yishi::http
