#include "node/cli/serve.h"

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <cctype>
#include <cstdlib>
#include <sstream>

#include "node/cli/nearest.h"
#include "node/cli/text.h"

namespace yishi::cli {
namespace {

namespace po = boost::program_options;

constexpr std::size_t kMaxConfigBytes = std::size_t{64} * 1024;
constexpr std::uint64_t kMaxScrubDays = 366;
constexpr std::uint64_t kMaxStatusSeconds = std::uint64_t{24} * 3600;
constexpr std::array<const char*, 6> kLevels{"trace", "debug", "info", "warn", "error", "off"};

std::string variable_of(const std::string& option) {
  std::string name = "YISHI_";
  for (const char c : option) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

struct File {
  std::map<std::string, std::string> values;
  std::optional<Outcome> failed;
};

std::vector<std::string> file_keys() {
  std::vector<std::string> keys{"data"};
  for (const auto& option : serve_options()) {
    if (option.name != "config") keys.push_back(option.name);
  }
  return keys;
}

Outcome bad_line(const std::string& path, const std::string& key) {
  const std::string near = nearest(key, file_keys());
  const std::string shown = one_line(key);
  return usage(path,
               "配置文件 " + path + " 中有不认识或有误的选项 " + shown +
                   (near.empty() || near == key ? "" : "；是不是 " + near + "？"),
               "the configuration file " + path + " has an unknown or malformed option " + shown +
                   (near.empty() || near == key ? "" : "; did you mean " + near + "?"));
}

File read_config(const std::string& path) {
  const auto text = read_file(path, kMaxConfigBytes);
  if (!text) return {{}, usage(path, text.error().zh, text.error().en)};
  po::options_description known;
  for (const auto& key : file_keys()) {
    known.add_options()(key.c_str(), po::value<std::string>());
  }
  File file;
  try {
    std::istringstream stream(*text);
    for (const auto& option : po::parse_config_file(stream, known, true).options) {
      const bool fits = !option.unregistered && option.value.size() == 1;
      if (!fits) return {{}, bad_line(path, option.string_key)};
      if (!file.values.emplace(option.string_key, option.value.front()).second) {
        return {{}, bad_line(path, option.string_key)};
      }
    }
  } catch (const po::error& error) {
    return {{}, bad_line(path, error.what())};
  }
  return file;
}

}  // namespace

std::vector<Option> serve_options() {
  return {
      {"config", "FILE", "配置文件（选项名 = 值）", "configuration file (option = value)"},
      {"bind", "tcp://…", "监听下级的地址（默认按组织架构）",
       "where to listen for children (default: as the topology says)"},
      {"parent", "tcp://…", "上级的地址（默认按组织架构）",
       "the parent's endpoint (default: as the topology says)"},
      {"http", "ADDRESS:PORT",
       "提供页面的地址（如 127.0.0.1:7380；本机以外一律用 TLS；默认不提供）",
       "where pages are served (127.0.0.1:7380; TLS anywhere but on loopback; default: nowhere)"},
      {"http-cert", "FILE", "页面的证书（PEM；默认由本节点自制）",
       "certificate of the pages (PEM; default: the node makes one)"},
      {"http-key", "FILE", "证书的密钥（PEM；默认在证书文件中）",
       "the certificate's key (PEM; default: in the certificate's file)"},
      {"http-name", "HOST[,HOST…]", "页面还可用这些主机名访问",
       "host names that the pages are also served under"},
      {"public", "yes|no", "向群众开放公示栏和事项登记（需 --http；默认 no）",
       "serve the public: notices, and matters handed in for the clerk (needs --http; default no)"},
      {"passphrase-file", "FILE", "口令文件", "file with the passphrase"},
      {"backup", "FOLDER", "每天备份到这个目录（核验、加密；留 7 日 4 周）",
       "a backup a day into this folder (verified, encrypted; 7 days and 4 weeks are kept)"},
      {"backup-passphrase-file", "FILE", "备份口令文件（权限 0600）",
       "file with the passphrase of backups (mode 0600)"},
      {"log-level", "LEVEL", "日志级别：trace debug info warn error off（默认 info）",
       "log level: trace debug info warn error off (default info)"},
      {"log-file", "FILE", "日志文件（默认标准错误）", "log file (default: standard error)"},
      {"status-interval", "SECONDS", "多久向上报一次各节点的情况（默认 15）",
       "how often the state of the nodes is told upward (default 15)"},
      {"scrub-interval", "DAYS", "多少天把存储全部复查一遍（默认 7）",
       "the whole store is looked through every so many days (default 7)"},
  };
}

ServeParsed parse_serve(
    const Invocation& invocation,
    const std::function<std::optional<std::string>(const std::string&)>& environment) {
  const auto flag_or_variable = [&](const std::string& name) -> std::optional<std::string> {
    if (invocation.args.has(name)) return invocation.args.get(name);
    return environment(variable_of(name));
  };
  File file;
  if (const auto path = flag_or_variable("config"); path && !path->empty()) {
    file = read_config(*path);
    if (file.failed) return {{}, std::move(file.failed)};
  }
  const auto value = [&](const std::string& name, const std::string& fallback) {
    if (auto found = flag_or_variable(name)) return *found;
    const auto in_file = file.values.find(name);
    return in_file == file.values.end() ? fallback : in_file->second;
  };
  ServeOptions options;
  const bool data_in_file = !invocation.data_given && file.values.contains("data");
  options.data = data_in_file ? file.values["data"] : invocation.data;
  options.bind = value("bind", "");
  options.parent = value("parent", "");
  options.http = value("http", "");
  options.http_certificate = value("http-cert", "");
  options.http_key = value("http-key", "");
  options.http_names = value("http-name", "");
  const auto to_all = value("public", "no");
  if (to_all != "yes" && to_all != "no") {
    return {{}, usage("public", "--public 应当是 yes 或 no", "--public is yes or no")};
  }
  options.serve_public = to_all == "yes";
  options.passphrase_file = value("passphrase-file", "");
  options.backup = value("backup", "");
  options.backup_passphrase_file = value("backup-passphrase-file", "");
  if (!options.backup.empty() && options.backup_passphrase_file.empty()) {
    return {{},
            usage("backup-passphrase-file", "--backup 还需要 --backup-passphrase-file",
                  "--backup also needs --backup-passphrase-file")};
  }
  options.log_level = value("log-level", options.log_level);
  options.log_file = value("log-file", "");
  options.chinese = invocation.chinese;
  if (std::find(kLevels.begin(), kLevels.end(), options.log_level) == kLevels.end()) {
    return {{},
            usage("log-level", "日志级别应当是 trace、debug、info、warn、error 或 off",
                  "the log level must be trace, debug, info, warn, error or off")};
  }
  const auto seconds = whole_number(value("status-interval", "15"), kMaxStatusSeconds);
  if (!seconds || *seconds == 0) {
    return {{},
            usage("status-interval", "--status-interval 应当是 1 到 86400 的整数秒",
                  "--status-interval must be a whole number of seconds from 1 to 86400")};
  }
  options.status_interval_ms = *seconds * 1000;
  const auto days = whole_number(value("scrub-interval", "7"), kMaxScrubDays);
  if (!days || *days == 0) {
    return {{},
            usage("scrub-interval", "--scrub-interval 应当是 1 到 366 的整数天",
                  "--scrub-interval must be a whole number of days from 1 to 366")};
  }
  options.scrub_interval_ms = *days * 24 * 3600 * 1000;
  return {std::move(options), std::nullopt};
}

Outcome serve(const Invocation& invocation) {
  auto parsed = parse_serve(invocation, [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
  if (parsed.failed) return *parsed.failed;
  YISHI_ASSERT(invocation.hooks.serve);
  Outcome outcome;
  outcome.code = invocation.hooks.serve(parsed.options);
  outcome.json = {{"exit_code", outcome.code}};
  return outcome;
}

}  // namespace yishi::cli
