#include "node/cli/issue_fields.h"

#include "node/cli/issue_text.h"
#include "node/cli/text.h"
#include "node/http/client.h"

namespace yishi::cli {
namespace {

// How an option becomes a field of the API's JSON.
enum class Kind { kText, kNumber, kFlag, kList, kParties, kFigures };
struct Field {
  const char* option;
  const char* key;
  Kind kind;
};
constexpr Field kFields[] = {
    {"title", "title", Kind::kText},
    {"text", "text", Kind::kText},
    {"category", "category", Kind::kText},
    {"budget", "budget_yuan", Kind::kText},
    {"reach", "reach", Kind::kList},
    {"source", "source", Kind::kText},
    {"by", "by", Kind::kText},
    {"unit", "unit", Kind::kText},
    {"reason", "reason", Kind::kText},
    {"to", "to", Kind::kText},
    {"due", "due", Kind::kText},
    {"place", "place", Kind::kText},
    {"form", "form", Kind::kText},
    {"held", "held", Kind::kText},
    {"became", "became", Kind::kText},
    {"task", "task", Kind::kNumber},
    {"percent", "percent", Kind::kNumber},
    {"done", "done", Kind::kFlag},
    {"result", "result", Kind::kText},
    {"figure", "figures", Kind::kFigures},
    {"score", "score", Kind::kNumber},
    {"party", "party", Kind::kText},
    {"override", "override", Kind::kText},
    {"about", "about", Kind::kText},
    {"kind", "kind", Kind::kText},
    {"method", "methods", Kind::kList},
    {"ref", "ref", Kind::kText},
    {"asked", "asked", Kind::kNumber},
    {"satisfied", "satisfied", Kind::kNumber},
    {"with", "units", Kind::kList},
    {"level", "level", Kind::kText},
    {"round", "round", Kind::kText},
    {"answers", "answers", Kind::kText},
    {"flag", "flags", Kind::kList},
    {"via", "via", Kind::kText},
    {"heard", "heard", Kind::kText},
    {"signed", "signed", Kind::kText},
    {"organ", "organs", Kind::kList},
    {"view", "view", Kind::kText},
    {"number", "number", Kind::kNumber},
    {"item", "item", Kind::kNumber},
};

// "mass=6"
std::optional<Outcome> put_parties(Json& body, const std::vector<std::string>& values) {
  constexpr std::uint64_t kMaxPeople = 1'000'000;
  for (const auto& value : values) {
    const std::size_t equals = value.find('=');
    const auto count = equals == std::string::npos
                           ? std::nullopt
                           : whole_number(value.substr(equals + 1), kMaxPeople);
    if (!count || equals == 0) {
      return wrong_value("party", "应当是 类别=人数，例如 mass=6",
                         "must be CATEGORY=COUNT, for example mass=6");
    }
    body["parties"].push_back({{"category", value.substr(0, equals)}, {"count", *count}});
  }
  return std::nullopt;
}

// "患者年均费用=12000->3600 元"
std::optional<Outcome> put_figures(Json& body, const std::vector<std::string>& values) {
  constexpr std::string_view kArrow = "->";
  for (const auto& value : values) {
    const std::size_t equals = value.find('=');
    const std::size_t arrow = equals == std::string::npos ? equals : value.find(kArrow, equals + 1);
    if (arrow == std::string::npos || equals == 0) {
      return wrong_value("figure", "应当是 \"名称=前->后 单位\"",
                         "must be \"NAME=BEFORE->AFTER UNIT\"");
    }
    const std::string rest = value.substr(arrow + kArrow.size());
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    body["figures"].push_back({{"name", value.substr(0, equals)},
                               {"before", value.substr(equals + 1, arrow - equals - 1)},
                               {"after", rest.substr(0, blank)},
                               {"unit", rest.substr(std::min(blank + 1, rest.size()))}});
  }
  return std::nullopt;
}

std::optional<Outcome> put_field(Json& body, const Field& field, const Arguments& args) {
  if (!args.has(field.option)) return std::nullopt;
  const std::string value = args.get(field.option);
  switch (field.kind) {
    case Kind::kText:
      body[field.key] = value;
      break;
    case Kind::kFlag:
      body[field.key] = true;
      break;
    case Kind::kList:
      body[field.key] = args.all(field.option);
      break;
    case Kind::kNumber: {
      constexpr std::uint64_t kMax = 1'000'000'000;
      const auto number = whole_number(value, kMax);
      if (!number) return wrong_value(field.option, "应当是整数", "must be a whole number");
      body[field.key] = *number;
      break;
    }
    case Kind::kParties:
      return put_parties(body, args.all(field.option));
    case Kind::kFigures:
      return put_figures(body, args.all(field.option));
  }
  return std::nullopt;
}

// The act's command line becomes a call of the API.
std::function<Outcome(const Invocation&)> act(const std::string& name) {
  return [name](const Invocation& invocation) {
    const auto body = body_of(invocation, name);
    if (body.failed) return *body.failed;
    const std::string target =
        "/api/v1/issues/" + http::percent_encode(invocation.args.get("id")) + '/' + name;
    return told(invocation, api_post(invocation, target, body.json));
  };
}

}  // namespace

Outcome wrong_value(const char* option, const std::string& zh, const std::string& en) {
  const std::string name = std::string("--") + option;
  return usage(option, name + "：" + zh, name + ": " + en);
}

// At a session --party counts people; elsewhere it names who evaluates.
Body body_of(const Invocation& invocation, const std::string& name) {
  Body body;
  for (Field field : kFields) {
    const bool people =
        (name == "session" || name == "correct") && std::string_view(field.option) == "party";
    if (people) field = {"party", "parties", Kind::kParties};
    if (!body.failed) body.failed = put_field(body.json, field, invocation.args);
  }
  if (!body.failed) body.failed = put_table(body.json, invocation.args, name);
  return body;
}

Outcome told(const Invocation& invocation, const Called& called) {
  if (called.failed) return *called.failed;
  Outcome outcome;
  outcome.json = called.body;
  outcome.text = written_text(invocation, called.body);
  return outcome;
}

Command act_command(const std::string& name, const std::string& zh, const std::string& en,
                    std::vector<Option> options, const std::string& example) {
  options.insert(options.begin(), kId);
  options.push_back(kBy);
  options.push_back(kUnit);
  options.push_back(kOverride);
  options.push_back(kSigned);
  return {"issue " + name, zh, en, std::move(options), "yishi issue " + name + ' ' + example,
          act(name)};
}

}  // namespace yishi::cli
