#include "node/cli/key_files.h"

#include <sys/stat.h>

#include <fstream>

#include "crypto/key_file.h"
#include "crypto/random.h"

namespace yishi::cli {
namespace {

constexpr std::size_t kMaxPassphraseFileBytes = 4096;
constexpr std::size_t kNewPassphraseBytes = 24;
constexpr std::size_t kMaxPublicFileBytes = 256;

bool exists(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0;
}

std::string without_line_end(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return std::string(text);
}

Result<std::string> passphrase_in_file(const std::string& path) {
  const auto bytes = crypto::load_private_file(path, kMaxPassphraseFileBytes);
  if (!bytes) return bytes.error();
  return without_line_end(text_of(*bytes));
}

Error not_public(const std::string& path) {
  return {"key.public", path, path + " 不是公钥文件：应为一行“套件 十六进制公钥”，即 .pub 文件",
          path + " is no public key file: one line \"suite hex\" is expected, a .pub file"};
}

Outcome make_key(const Invocation& invocation) {
  const auto& args = invocation.args;
  const std::string path = args.get("file");
  const auto suite = crypto::suite_from_name(args.get("suite", "ed25519"));
  if (!suite) {
    return usage("suite", "--suite 应当是 ed25519 或 sm2", "--suite must be ed25519 or sm2");
  }
  const auto key = crypto::PrivateKey::generate(*suite);
  const auto saved = save_person_key(path, key, args.get("passphrase-file"));
  if (!saved) return failure(kRefused, saved.error());
  const std::string id = to_hex(key.public_key().id().view());
  Outcome outcome;
  outcome.json = {{"key", path}, {"public", path + ".pub"}, {"id", id}};
  outcome.text = invocation.pick(
      "私钥 " + path + "（请离线保管，勿放在节点机器上）\n公钥 " + path + ".pub（交给建网的人）\n" +
          "编号 " + id + '\n',
      "private key " + path + " (keep it offline, on no node's machine)\npublic key " + path +
          ".pub (for whoever creates the network)\nid " + id + '\n');
  if (!args.has("passphrase-file")) {
    outcome.json["passphrase"] = path + ".secret";
    outcome.text += invocation.pick("口令 " + path + ".secret（请与私钥分开保管）\n",
                                    "passphrase " + path + ".secret (keep it apart)\n");
  }
  return outcome;
}

}  // namespace

Result<crypto::PrivateKey> load_person_key(const std::string& path,
                                           const std::string& passphrase_file,
                                           const std::string& fallback_secret) {
  std::string secret = passphrase_file;
  if (secret.empty()) secret = exists(path + ".secret") ? path + ".secret" : fallback_secret;
  const auto passphrase = passphrase_in_file(secret);
  if (!passphrase) return passphrase.error();
  return crypto::load_key(path, *passphrase);
}

Status save_person_key(const std::string& path, const crypto::PrivateKey& key,
                       const std::string& passphrase_file) {
  for (const std::string& one : {path, path + ".pub", path + ".secret"}) {
    if (!exists(one)) continue;
    return Error{"key.exists", one, one + " 已经存在，不会覆盖密钥，请换一个文件名",
                 one + " exists; no key is written over: choose another name"};
  }
  std::string passphrase;
  if (passphrase_file.empty()) {
    passphrase = to_base64url(crypto::SystemRandom().bytes(kNewPassphraseBytes));
    const auto line = passphrase + "\n";
    if (auto status = crypto::save_private_file(path + ".secret", view_of(line)); !status) {
      return status;
    }
  } else {
    auto given = passphrase_in_file(passphrase_file);
    if (!given) return given.error();
    passphrase = std::move(given).value();
  }
  if (auto status = crypto::save_key(path, key, passphrase); !status) return status;
  const std::string line =
      std::string(crypto::suite_name(key.suite())) + ' ' + to_hex(key.public_key().raw()) + '\n';
  std::ofstream out(path + ".pub", std::ios::binary);
  out << line;
  out.close();
  if (out) return {};
  return Error{"file.write", path + ".pub", "不能写文件 " + path + ".pub",
               "cannot write the file " + path + ".pub"};
}

Result<PublicFile> read_public_key(const std::string& path) {
  const auto text = read_file(path, kMaxPublicFileBytes);
  if (!text) return text.error().rule == "file.size" ? not_public(path) : text.error();
  const std::string line = without_line_end(*text);
  const auto blank = line.find(' ');
  if (blank == std::string::npos) return not_public(path);
  const auto suite = crypto::suite_from_name(line.substr(0, blank));
  const auto raw = from_hex(line.substr(blank + 1));
  if (!suite || !raw) return not_public(path);
  auto key = crypto::PublicKey::load(*suite, *raw);
  if (!key) return not_public(path);
  return PublicFile{*suite, std::move(key).value()};
}

std::vector<Command> key_commands() {
  const std::vector<Option> options{
      {"file", "FILE", "私钥文件", "the private key's file", false, true, true},
      {"suite", "ed25519|sm2", "密码套件（默认 ed25519）", "suite (default ed25519)"},
      {"passphrase-file", "FILE", "口令文件（默认新生成一个）",
       "file with the passphrase (default: a new one)"}};
  return {{"topology root-key", "做一把根密钥（离线保管）", "make a root key, to be kept offline",
           options, "yishi topology root-key /media/usb/root-1.key", make_key},
          {"topology operator-key", "做一把管理员密钥，请根密钥持有人授权",
           "make an operator's key, for the root to admit", options,
           "yishi topology operator-key district.key", make_key}};
}

}  // namespace yishi::cli
