#include "node/daemon.h"

#include <csignal>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cctype>
#include <iostream>

#include "node/backup_schedule.h"
#include "node/data_directory.h"
#include "node/http/client.h"
#include "node/http/server.h"
#include "node/service_manager.h"
#include "node/software.h"
#include "node/store/logs.h"
#include "node/turn/repair.h"
#include "node/turn/turn.h"

namespace yishi::node {

namespace {

constexpr std::uint64_t kMaxWaitMs = 1'000;
constexpr std::uint64_t kOwnFiles = 256;  // store, API, ZeroMQ
constexpr std::uint64_t kFilesOfManyChildren = 8'192;
constexpr int kExitRefused = 1;
constexpr int kExitFailed = 5;

std::atomic<bool> stop_requested = false;
void request_stop(int) { stop_requested = true; }

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = request_stop;  // without SA_RESTART: a waiting poll returns
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

Status start_log(const cli::ServeOptions& options, const std::string& unit) {
  try {
    auto logger = options.log_file.empty() ? spdlog::stderr_logger_st("yishi")
                                           : spdlog::basic_logger_mt("yishi", options.log_file);
    logger->set_level(spdlog::level::from_str(options.log_level));
    logger->flush_on(spdlog::level::info);
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z " + unit + " %l %v");
    spdlog::set_default_logger(std::move(logger));
    return {};
  } catch (const spdlog::spdlog_ex& error) {
    return Error{"log.file", "log-file", "无法写日志文件：" + options.log_file,
                 std::string("cannot write the log file: ") + error.what()};
  }
}

// "Yishi.lan, 10.0.0.5": in small letters, without blanks.
std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names(1);
  for (const char c : text) {
    if (c == ',') names.emplace_back();
    if (c != ',' && c != ' ') {
      names.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  std::erase(names, std::string());
  return names;
}

class Daemon {
 public:
  Daemon(const cli::ServeOptions& options, OpenedKeys keys,
         std::unique_ptr<store::Database> database)
      : options_(options), keys_(std::move(keys)), database_(std::move(database)) {}

  Status start() {
    const auto stored = store::Logs(*database_).value("bind");
    sync::ZmqOptions zmq;
    zmq.bind = options_.bind.empty() ? stored.value_or("") : options_.bind;
    zmq.keys = keys_.curve;
    zmq.admits = [this](const sync::PeerKey& key) { return turn_ && turn_->admits(key); };
    auto transport = sync::ZmqTransport::open(std::move(zmq), random_);
    if (!transport) return transport.error();
    transport_ = std::move(*transport);
    say_room();

    turn::TurnOptions turn_options;
    turn_options.software = kSoftware;
    turn_options.endpoint = transport_->bound_endpoint();
    turn_options.parent_endpoint = options_.parent;
    turn_options.status_interval_ms = options_.status_interval_ms;
    turn_options.scrub_interval_ms = options_.scrub_interval_ms;
    turn_options.curve_public = keys_.curve.public_key;
    turn_options.curve_secret = keys_.curve.secret_key;
    turn_ =
        std::make_unique<turn::Turn>(*database_, *transport_, mailbox_, board_, clock_, random_,
                                     keys_.keys, std::move(keys_.joining), std::move(turn_options));
    if (auto status = turn_->start(); !status.ok()) return status;
    if (auto status = start_server(); !status.ok()) return status;
    return start_backups();
  }

  // Until it is asked to stop, or its store cannot go on as it is.
  Status run() {
    std::string waits;
    manager_.ready();
    while (!stop_requested) {
      if (auto status = turn_->run_once(kMaxWaitMs); !status.ok()) {
        end();
        return status;
      }
      manager_.alive();
      if (waits != turn_->waits_for()) {
        waits = turn_->waits_for();
        spdlog::info("{}",
                     waits.empty() ? "admitted to the network" : "joining: waits for " + waits);
      }
    }
    spdlog::info("stopping as asked");
    manager_.stopping();
    end();
    return {};
  }

 private:
  void end() {
    mailbox_.close();
    server_->stop();
  }

  Status start_server() {
    http::ServerOptions options;
    options.directory = options_.data;
    options.socket_path = http::socket_path(options_.data);
    options.http = options_.http;
    options.certificate = options_.http_certificate;
    options.key = options_.http_key;
    options.serve_public = options_.serve_public;
    options.names = names_in(options_.http_names);
    auto server = http::Server::start(std::move(options), mailbox_, board_);
    if (!server) return server.error();
    server_ = std::move(*server);
    if (server_->port() == 0) return {};
    spdlog::info("pages on {}", server_->origin());
    // To the terminal, never into a log file: whoever has the link makes the first account.
    if (const auto link = server_->first_link(); !link.empty()) {
      std::cerr << (options_.chinese ? "用这个链接建立第一个账户（一次有效，24 小时内）：\n"
                                     : "make the first account here (once, within 24 hours):\n")
                << link << std::endl;
    }
    return {};
  }

  Status start_backups() {
    if (options_.backup.empty()) return {};
    auto passphrase = read_backup_passphrase(options_.backup_passphrase_file);
    if (!passphrase) return passphrase.error();
    backups_ = std::make_unique<BackupSchedule>(options_.data, options_.backup, *passphrase);
    return {};
  }

  // A child is one open file; at the limit the others are turned away without an error.
  void say_room() const {
    const auto files = sync::ZmqTransport::open_files();
    if (transport_->bound_endpoint().empty() || files >= kFilesOfManyChildren) return;
    spdlog::warn(
        "this process may open {} files, and every child is one: raise the hard limit "
        "(ulimit -Hn, LimitNOFILE=) for more than about {} children",
        files, files > kOwnFiles ? files - kOwnFiles : 0);
  }

  const cli::ServeOptions& options_;
  OpenedKeys keys_;
  std::unique_ptr<store::Database> database_;
  crypto::SystemRandom random_;
  turn::SystemClock clock_;
  turn::Board board_;
  std::unique_ptr<sync::ZmqTransport> transport_;
  turn::Mailbox mailbox_{[this] { transport_->wake(); }};
  std::unique_ptr<turn::Turn> turn_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<BackupSchedule> backups_;
  ServiceManager manager_;
};

int refused(const Error& error, bool chinese) {
  std::cerr << (chinese ? error.zh : error.en) << " [" << error.rule << "]\n";
  return kExitRefused;
}

// Damage that a repair may mend, and projections that are due: then the node goes on.
bool repairable(const Error& error) {
  return error.rule == "store.corrupt" || error.rule == "store.damaged" ||
         error.rule == "store.mended";
}

bool in_vain(const turn::RepairReport& report) {
  const auto& found = report.salvaged;
  return report.damaged && !report.rebuilt && found.pages.empty() && found.rows.empty() &&
         found.mended.empty() && found.lost.empty() && found.tables.empty();
}

// One life of the node: repaired when it must be, then served. An error: how it ended.
class Life {
 public:
  explicit Life(const cli::ServeOptions& options) : options_(options) {}

  Status live(const std::optional<Error>& known) {
    turn::SystemClock clock;
    const auto damage = known && known->rule != "store.mended" ? known : std::nullopt;
    auto repaired =
        turn::repair_store(options_.data, turn::kExamineAtStartBytes, clock.now().wall_ms, damage);
    if (!repaired) return repaired.error();
    auto database = store::Database::open(options_.data, store::Access::kWriter);
    if (!database) return database.error();
    const auto unit = (*database)->identity().unit.text();
    if (!known) {
      if (auto status = start_log(options_, unit); !status.ok()) return status;
    }
    for (const auto& line : repaired->lines_en) spdlog::error("damage: {}", line);
    if (repaired->rebuilt) spdlog::warn("issues and figures were derived again");
    if (known && in_vain(*repaired)) {
      return Error{"store.io", options_.data, known->zh, known->en};  // and the process ends
    }
    auto keys = open_keys(options_.data, options_.passphrase_file);
    if (!keys) return keys.error();
    (*database)->make_log_room();
    Daemon daemon(options_, std::move(*keys), std::move(*database));
    if (auto status = daemon.start(); !status.ok()) return status;
    served_ = true;
    spdlog::info("serving unit {} from {}", unit, options_.data);
    return daemon.run();
  }

  bool served() const { return served_; }

 private:
  const cli::ServeOptions& options_;
  bool served_ = false;
};

}  // namespace

int serve(const cli::ServeOptions& options) {
  catch_signals();
  Life life(options);
  std::optional<Error> known;
  for (;;) {
    const auto ended = life.live(known);
    if (ended.ok()) return 0;
    const bool again = repairable(ended.error()) && !(known && known->rule == ended.error().rule &&
                                                      known->field == ended.error().field);
    if (!again) {
      if (!life.served()) return refused(ended.error(), options.chinese);
      spdlog::critical("stopping: {} {}", ended.error().rule, ended.error().en);
      return kExitFailed;
    }
    spdlog::error("{} {}", ended.error().rule, ended.error().en);
    known = ended.error();
  }
}

}  // namespace yishi::node
