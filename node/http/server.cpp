#include "node/http/server.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "node/http/limits.h"
#include "node/http/pending.h"
#include "node/http/router.h"
#include "node/http/session.h"
#include "node/http/socket_path.h"
#include "node/http/tcp_door.h"
#include "node/http/workers.h"

namespace yishi::http {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

constexpr std::chrono::milliseconds kAcceptPause{100};  // when there is no file handle left

Error cannot_bind(const std::string& path, const std::string& why) {
  return {"http.bind", path, "不能在 " + path + " 上提供接口：" + why,
          "cannot serve the API on " + path + ": " + why};
}

// Makes way for a new socket: removes one that nobody answers on, and nothing else.
Status make_way(asio::io_context& context, const std::string& path, const std::string& reachable) {
  struct stat found {};
  if (::lstat(reachable.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode)) return cannot_bind(path, "not a socket");
  Local::socket probe(context);
  boost::system::error_code error;
  probe.connect(Local::endpoint(reachable), error);
  if (error == asio::error::connection_refused) {
    if (::unlink(reachable.c_str()) == 0) return {};
    return cannot_bind(path, "the old socket cannot be removed");
  }
  return Error{"http.socket.busy", path, "已有程序在 " + path + " 上提供接口",
               "another program serves the API on " + path};
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions given, turn::Mailbox& mailbox, turn::Board& board)
      : options(std::move(given)),
        shared{options.directory, mailbox, board, Readers(options.directory)} {
    shared.gate.now_ms = options.now_ms;
    shared.gate.names = options.names;
    shared.assets = options.assets;
    shared.start_carrying_out = [this] {
      if (!carrying_out.exchange(true)) carry_out_soon();
    };
    shared.public_open = options.serve_public;
    shared.events = std::make_unique<Events>(shared, [this] { look_soon(); });
  }

  Status bind();
  Status open_accounts();
  Status open_matters();
  Status open_people();
  void accept();
  void on_accepted(const boost::system::error_code& error, Local::socket socket);
  Answerer answerer();
  void look_soon();
  void carry_out_soon();
  void open_pending();
  void stop();

  ServerOptions options;
  Shared shared;
  Workers workers;
  std::atomic<std::size_t> connections{0};
  asio::io_context context;
  Local::acceptor acceptor{context};
  asio::steady_timer pause{context};
  asio::steady_timer next_look{context};
  asio::steady_timer next_act{context};
  std::atomic<bool> carrying_out{false};
  std::unique_ptr<TcpDoor> people;
  std::vector<std::thread> threads;
  bool bound = false;
};

Status Server::Impl::bind() {
  const auto reachable = ReachablePath::of(options.socket_path);
  if (!reachable) return reachable.error();
  const std::string& path = reachable->text();
  if (auto status = make_way(context, options.socket_path, path); !status) return status;
  boost::system::error_code error;
  acceptor.open(Local(), error);
  if (!error) acceptor.bind(Local::endpoint(path), error);
  if (error) return cannot_bind(options.socket_path, error.message());
  bound = true;
  // Before listen(): until then nobody can connect, whatever the umask left open.
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
    return cannot_bind(options.socket_path, "its mode cannot be set to 0600");
  }
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_bind(options.socket_path, error.message());
  return {};
}

void Server::Impl::accept() {
  acceptor.async_accept(asio::make_strand(context),
                        [this](const boost::system::error_code& error, Local::socket socket) {
                          on_accepted(error, std::move(socket));
                        });
}

void Server::Impl::on_accepted(const boost::system::error_code& error, Local::socket socket) {
  if (error == asio::error::operation_aborted) return;
  if (error) {
    pause.expires_after(kAcceptPause);
    pause.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped) accept();
    });
    return;
  }
  const bool room = ++connections <= kMaxConnections;
  auto session = make_session(Socket(std::move(socket)),
                              {{}, options.request_time, answerer(), [this] { --connections; }});
  if (room) {
    session->run();
  } else {
    session->refuse(
        {"http.busy", "", "连接过多，请稍候再试", "too many connections; try again later"});
  }
  accept();
}

Status Server::Impl::open_accounts() {
  auto accounts = store::Accounts::open(options.directory);
  if (!accounts) return options.http.empty() ? Status() : Status(accounts.error());
  shared.gate.accounts = std::move(*accounts);
  const auto now = options.now_ms();
  shared.gate.accounts->end_sessions_before(now - std::min(now, kSessionIdleMs),
                                            now - std::min(now, kSessionLifeMs));
  return {};
}

// Only where the public is served; a file that does not open is then an error.
Status Server::Impl::open_matters() {
  if (!options.serve_public) return {};
  auto matters = store::Matters::open(options.directory);
  if (!matters) return matters.error();
  shared.matters = std::move(*matters);
  return {};
}

Status Server::Impl::open_people() {
  if (options.http.empty()) return {};
  auto door = TcpDoor::open(context,
                            {options.directory, options.http, options.certificate, options.key,
                             options.names, options.request_time},
                            answerer());
  if (!door) return door.error();
  people = std::move(*door);
  people->accept();
  return {};
}

Answerer Server::Impl::answerer() {
  return [this](Request request, std::function<void(Response)> done) {
    workers.post([this, asked = std::move(request), done = std::move(done)] {
      done(answer(shared, asked));
    });
  };
}

// From whatever thread; at most one look is on its way.
void Server::Impl::look_soon() {
  asio::post(context, [this] {
    next_look.expires_after(options.look_time);
    next_look.async_wait([this](const boost::system::error_code& stopped) {
      if (stopped) return;
      workers.post([this] {
        if (shared.events->look()) look_soon();
      });
    });
  });
}

// As above. What is put off while the last look ends begins another.
void Server::Impl::carry_out_soon() {
  asio::post(context, [this] {
    next_act.expires_after(options.pending_time);
    next_act.async_wait([this](const boost::system::error_code& stopped) {
      if (stopped) return;
      workers.post([this] {
        if (carry_out_due(shared)) return carry_out_soon();
        carrying_out = false;
        if (!shared.stopping && shared.pending->waiting() != 0) shared.start_carrying_out();
      });
    });
  });
}

// Without it nothing can be put off, and all else goes on.
void Server::Impl::open_pending() {
  auto pending = store::Pending::open(options.directory);
  if (!pending) return;
  shared.pending = std::move(*pending);
  if (shared.pending->waiting() != 0) shared.start_carrying_out();
}

void Server::Impl::stop() {
  shared.stopping = true;
  context.stop();
  for (auto& thread : threads) thread.join();
  threads.clear();
  workers.stop();
  if (people) people->close();
  if (!std::exchange(bound, false)) return;
  boost::system::error_code ignored;
  acceptor.close(ignored);
  const auto reachable = ReachablePath::of(options.socket_path);
  if (reachable) ::unlink(reachable->text().c_str());
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, turn::Mailbox& mailbox,
                                              turn::Board& board) {
  YISHI_ASSERT(options.threads > 0);
  auto impl = std::make_unique<Impl>(std::move(options), mailbox, board);
  auto status = impl->bind();
  if (status.ok()) status = impl->open_accounts();
  if (status.ok()) impl->open_pending();
  if (status.ok()) status = impl->open_matters();
  if (status.ok()) status = impl->open_people();
  if (!status.ok()) {
    impl->stop();
    return status.error();
  }
  impl->accept();
  for (std::size_t i = 0; i < impl->options.threads; ++i) {
    impl->threads.push_back(start_thread([context = &impl->context] { context->run(); }));
  }
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return impl_->people ? impl_->people->port() : 0; }

std::string Server::origin() const { return impl_->people ? impl_->people->origin() : ""; }

// After the #: a browser does not send that part, and no log holds it.
std::string Server::first_link() {
  auto& gate = impl_->shared.gate;
  if (!impl_->people || gate.accounts->count() != 0) return {};
  const std::string secret = new_secret();
  const auto until = gate.now_ms() + kInvitationMs;
  if (!gate.accounts->invite(secret_digest(secret), until)) return {};
  return origin() + "/first#" + secret;
}

// With the rest of it go the connections that are still open.
void Server::stop() {
  if (!impl_) return;
  impl_->stop();
  impl_.reset();
}

}  // namespace yishi::http
