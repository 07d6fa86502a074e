// Options that become parts of a topic's sheet and of a session's record: short texts with a sign
// in the middle, "role=name", "channel=30/2/1". A record file (JSON as the API takes it) says the
// rest, and what it says comes first.
#include <functional>

#include "node/cli/issue_fields.h"

namespace yishi::cli {
namespace {

using Made = std::optional<Json>;  // nullopt: the text is not of the kind

struct Parts {
  std::string before, after;
};
// At the first `sign`; nullopt when there is none or nothing stands before it.
std::optional<Parts> cut_at(const std::string& text, char sign) {
  const std::size_t at = text.find(sign);
  if (at == std::string::npos || at == 0) return std::nullopt;
  return Parts{text.substr(0, at), text.substr(at + 1)};
}

// "party_head=张三"
Made with_role(const std::string& text) {
  const auto parts = cut_at(text, '=');
  if (!parts || parts->after.empty()) return std::nullopt;
  return Json{{"role", parts->before}, {"name", parts->after}};
}

// "member=张三@city": of which party, and the level of a member
Made with_party(const std::string& text) {
  const auto parts = cut_at(text, '=');
  if (!parts || parts->after.empty()) return std::nullopt;
  Json person{{"party", parts->before}, {"name", parts->after}};
  if (const auto name = cut_at(parts->after, '@')) {
    person["name"] = name->before;
    person["level"] = name->after;
  }
  return person;
}

// "张三", "deputy_secretary=张三"
Made with_role_or_not(const std::string& text) {
  if (text.find('=') == std::string::npos) return Json{{"name", text}};
  return with_role(text);
}

// "paper=30/2/1", "修路:hand=5/0/0"
Made tally(const std::string& text) {
  constexpr std::uint64_t kMaxVotes = 1'000'000;
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  Json vote{{"channel", text.substr(0, equals)}};
  if (const auto motion = cut_at(text.substr(0, equals), ':')) {
    vote["motion"] = motion->before;
    vote["channel"] = motion->after;
  }
  std::string rest = text.substr(equals + 1);
  for (const char* key : {"yes", "no", "abstain"}) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const auto count = whole_number(rest.substr(0, slash), kMaxVotes);
    if (!count) return std::nullopt;
    vote[key] = *count;
    rest.erase(0, std::min(slash + 1, rest.size()));
  }
  if (!rest.empty()) return std::nullopt;
  return vote;
}

// "李四=夜间施工影响休息"
Made saying(const std::string& text) {
  const auto parts = cut_at(text, '=');
  if (!parts || parts->after.empty()) return std::nullopt;
  return Json{{"who", parts->before}, {"text", parts->after}};
}

// "清淤=320803001000@2026-12-31", "修路=施工队"
Made duty(const std::string& text) {
  constexpr std::size_t kCodeDigits = 12;
  const auto parts = cut_at(text, '=');
  if (!parts || parts->after.empty()) return std::nullopt;
  Json one{{"text", parts->before}};
  std::string who = parts->after;
  if (const auto due = cut_at(who, '@')) {
    who = due->before;
    one["due"] = due->after;
  }
  const bool code = who.size() >= kCodeDigits &&
                    who.find_first_not_of("0123456789") >= kCodeDigits;  // npos counts too
  one[code ? "unit" : "who"] = who;
  return one;
}

// "积水=solved", "照明"
Made problem(const std::string& text) {
  const auto parts = cut_at(text, '=');
  if (!parts) return Json{{"text", text}};
  return Json{{"text", parts->before}, {"result", parts->after}};
}

Made material(const std::string& text) { return Json{{"name", text}}; }
Made plain(const std::string& text) { return Json(text); }

Made plan_link(const std::string& text) {
  const auto parts = cut_at(text, '=');
  if (!parts) return Json{{"plan", text}};
  return Json{{"plan", parts->before}, {"ref", parts->after}};
}

Made answered_yes(const std::string& text) { return Json{{"item", text}, {"yes", true}}; }
Made answered_no(const std::string& text) { return Json{{"item", text}, {"yes", false}}; }
Made answered(const std::string& text) {
  const auto parts = cut_at(text, '=');
  if (!parts) return std::nullopt;
  return Json{{"item", parts->before}, {"yes", true}, {"text", parts->after}};
}

struct Row {
  const char* option;
  const char* key;  // of the session; of the act itself where `own`
  Made (*make)(const std::string&);
  bool many;
  bool own;
  const char *zh, *en;  // what the value must be
};
constexpr Row kRows[] = {
    {"plan", "plans", plan_link, true, true, "", ""},
    {"yes", "checks", answered_yes, true, true, "", ""},
    {"no", "checks", answered_no, true, true, "", ""},
    {"answer", "checks", answered, true, true, "应当是 筛选项=文字", "must be ITEM=TEXT"},
    {"member", "group", with_role_or_not, true, true, "应当是 姓名 或 职责=姓名",
     "must be NAME or ROLE=NAME"},
    {"until", "until", plain, false, false, "", ""},
    {"type", "type", plain, false, false, "", ""},
    {"venue", "venue", plain, false, false, "", ""},
    {"link", "link", plain, false, false, "", ""},
    {"subject", "subject", plain, false, false, "", ""},
    {"measures", "measures", plain, false, false, "", ""},
    {"minutes", "minutes", plain, false, false, "", ""},
    {"convener", "conveners", with_role, true, false, "应当是 职责=姓名", "must be ROLE=NAME"},
    {"host", "host", with_role_or_not, false, false, "应当是 姓名 或 职责=姓名",
     "must be NAME or ROLE=NAME"},
    {"delegated-by", "delegated_by", with_role, false, false, "应当是 职责=姓名",
     "must be ROLE=NAME"},
    {"staff", "staff", with_role, true, false, "应当是 职责=姓名", "must be ROLE=NAME"},
    {"sign-in", "signed_in", with_party, true, false, "应当是 类别=姓名 或 类别=姓名@委员层级",
     "must be CATEGORY=NAME or CATEGORY=NAME@LEVEL"},
    {"vote", "votes", tally, true, false, "应当是 渠道=赞成/反对/弃权，例如 paper=30/2/1",
     "must be CHANNEL=FOR/AGAINST/ABSTAIN, for example paper=30/2/1"},
    {"opinion", "opinions", saying, true, false, "应当是 姓名=意见", "must be NAME=OPINION"},
    {"dissent", "dissents", saying, true, false, "应当是 姓名=不同意见", "must be NAME=DISSENT"},
    {"suggest", "suggestions", plain, true, false, "", ""},
    {"duty", "responsibilities", duty, true, false, "应当是 事项=单位@期限，期限可省",
     "must be MATTER=UNIT@DATE, the date may be left out"},
    {"reply", "feedback", plain, true, false, "", ""},
    {"problem", "problems", problem, true, false, "", ""},
    {"material", "materials", material, true, false, "", ""},
};

std::optional<Outcome> put_row(Json& to, const Row& row, const Arguments& args) {
  for (const std::string& value : args.all(row.option)) {
    Made made = row.make(value);
    if (!made) return wrong_value(row.option, row.zh, row.en);
    if (row.many) {
      to[row.key].push_back(std::move(*made));
    } else {
      to[row.key] = std::move(*made);
    }
  }
  return std::nullopt;
}

// A file of the session's record, in the API's words.
std::optional<Outcome> put_record_file(Json& session, const Arguments& args) {
  constexpr std::size_t kMaxFieldsFileBytes = std::size_t{1} << 20;
  if (!args.has("record")) return std::nullopt;
  const auto text = read_file(args.get("record"), kMaxFieldsFileBytes);
  if (!text) return failure(kRefused, text.error());
  Json record = Json::parse(*text, nullptr, false);
  if (!record.is_object()) {
    return wrong_value("record", "文件中应当是一个 JSON 对象", "the file must hold a JSON object");
  }
  session = std::move(record);
  return std::nullopt;
}

}  // namespace

std::optional<Outcome> put_table(Json& body, const Arguments& args, const std::string& name) {
  const bool sits = name == "session" || name == "correct" || name == "convene";
  Json session = Json::object();
  if (sits) {
    if (auto failed = put_record_file(session, args)) return failed;
  }
  for (const Row& row : kRows) {
    if (!row.own && !sits) continue;
    if (auto failed = put_row(row.own ? body : session, row, args)) return failed;
  }
  if (args.has("entitled")) {
    constexpr std::uint64_t kMaxEntitled = 1'000'000;
    const auto number = whole_number(args.get("entitled"), kMaxEntitled);
    if (!number) return wrong_value("entitled", "应当是整数", "must be a whole number");
    session["entitled"] = *number;
  }
  if (args.has("host-party") && session.contains("host")) {
    session["host"]["party"] = args.get("host-party");
  }
  if (!session.empty()) body["session"] = std::move(session);
  return std::nullopt;
}

}  // namespace yishi::cli
