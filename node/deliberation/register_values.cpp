#include "node/deliberation/register_values.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "node/deliberation/calendar.h"
#include "node/deliberation/register.h"

namespace yishi::deliberation {

namespace {

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_number(std::string_view text) {
  const auto value = whole(text);
  return value && *value >= -kMaxRegisterNumber && *value <= kMaxRegisterNumber &&
         std::to_string(*value) == text;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = whole(text.substr(0, 4));
  const auto month = whole(text.substr(5, 2));
  const auto day = whole(text.substr(8, 2));
  if (!year || !month || !day || *year < 1900 || *month < 1 || *day < 1) return false;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() && day_text(std::chrono::sys_days(date)) == text;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlanks) - first + 1));
}

// 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305.
std::string date_of(std::string_view text) {
  std::string digits;
  std::vector<std::string> parts;
  for (const char one : text) {
    if (one >= '0' && one <= '9') {
      digits += one;
    } else if (!digits.empty()) {
      parts.push_back(std::exchange(digits, {}));
    }
  }
  if (!digits.empty()) parts.push_back(std::move(digits));
  if (parts.size() == 1 && parts[0].size() == 8) {
    parts = {parts[0].substr(0, 4), parts[0].substr(4, 2), parts[0].substr(6, 2)};
  }
  if (parts.size() != 3 || parts[0].size() != 4) return {};
  const auto two = [](const std::string& part) { return part.size() == 1 ? "0" + part : part; };
  return parts[0] + "-" + two(parts[1]) + "-" + two(parts[2]);
}

// 1,200 and 1200; a leading + falls.
std::string number_of(std::string text) {
  std::erase(text, ',');
  std::erase(text, ' ');
  const auto value = whole(text.starts_with('+') ? text.substr(1) : text);
  return value ? std::to_string(*value) : std::string();
}

}  // namespace

bool is_canonical(const RegisterField& field, std::string_view value) {
  if (value.empty() || value.size() > kMaxEntryBytes) return false;
  switch (field.type) {
    case FieldType::kText:
      return trimmed(value) == value;
    case FieldType::kNumber:
      return is_number(value);
    case FieldType::kDate:
      return is_date(value);
    case FieldType::kLabel:
      return std::any_of(field.options.begin(), field.options.end(),
                         [&](const Label& one) { return one.id == value; });
    case FieldType::kUnit:
      return topology::Code::parse(value).ok();
    case FieldType::kEntry:
      return parse_entry_reference(value).has_value() &&
             value.size() <= topology::kMaxCodeBytes + 1 + kMaxEntryKeyBytes;
    case FieldType::kIssue:
      return parse_issue_id(value).ok();
  }
  return false;
}

std::string canonical_value(const RegisterField& field, std::string_view typed,
                            const topology::Code& unit) {
  std::string value = trimmed(typed);
  switch (field.type) {
    case FieldType::kNumber:
      value = number_of(std::move(value));
      break;
    case FieldType::kDate:
      value = date_of(value);
      break;
    case FieldType::kLabel: {
      const Label* label = nullptr;
      for (const auto& one : field.options) {
        if (one.id == value) label = &one;
      }
      for (const auto& one : field.options) {
        if (label == nullptr && (one.zh == value || one.en == value)) label = &one;
      }
      value = label == nullptr ? std::string() : label->id;
      break;
    }
    case FieldType::kEntry:
      if (!value.empty() && !parse_entry_reference(value)) value = unit.text() + "/" + value;
      break;
    case FieldType::kText:
    case FieldType::kUnit:
    case FieldType::kIssue:
      break;
  }
  return is_canonical(field, value) ? value : std::string();
}

std::string type_words(const RegisterField& field, bool chinese) {
  switch (field.type) {
    case FieldType::kText:
      return chinese ? "文字" : "text";
    case FieldType::kNumber:
      return chinese ? "整数" : "a whole number";
    case FieldType::kDate:
      return chinese ? "日期，如 2026-10-01" : "a date such as 2026-10-01";
    case FieldType::kUnit:
      return chinese ? "单位代码" : "the code of a unit";
    case FieldType::kEntry:
      return chinese ? "登记簿条目，如 320800000000/012" : "an entry such as 320800000000/012";
    case FieldType::kIssue:
      return chinese ? "事项编号" : "the id of an issue";
    case FieldType::kLabel:
      break;
  }
  std::string words;
  for (const auto& one : field.options) {
    words += (words.empty() ? "" : chinese ? "、" : ", ") + (chinese ? one.zh : one.en);
  }
  return (chinese ? "下列之一：" : "one of: ") + words;
}

namespace {

std::size_t character_bytes(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

bool is_telephone(std::string_view value) {
  const auto digits =
      std::count_if(value.begin(), value.end(), [](char one) { return one >= '0' && one <= '9'; });
  return digits >= 7 && static_cast<std::size_t>(digits) + 4 >= value.size();
}

}  // namespace

std::string masked(std::string_view value) {
  if (is_telephone(value)) {
    constexpr std::size_t kFront = 3;
    constexpr std::size_t kBack = 4;
    std::string out(value.substr(0, kFront));
    out.append(value.size() > kFront + kBack ? value.size() - kFront - kBack : 1, '*');
    return out + std::string(value.substr(value.size() - kBack));
  }
  std::string out;
  for (std::size_t at = 0; at < value.size(); at += character_bytes(value[at])) {
    if (at == 0) {
      out = value.substr(0, character_bytes(value[0]));
    } else {
      out += '*';
    }
  }
  return out.size() == value.size() && value.size() == character_bytes(value[0]) ? "*" : out;
}

FieldValues masked_fields(const Register& its_register, FieldValues fields) {
  for (const auto& field : its_register.fields) {
    const auto values = fields.find(field.label.id);
    if (!field.personal || values == fields.end()) continue;
    for (auto& value : values->second) value = masked(value);
  }
  return fields;
}

void unmask_fields(const Register& its_register, FieldValues& fields, const FieldValues& known) {
  for (auto& [name, values] : fields) {
    const RegisterField* field = its_register.field(name);
    if (field == nullptr || !field->personal) continue;
    const auto before = known.find(field->label.id);
    if (before == known.end() || before->second.size() != values.size()) continue;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == masked(before->second[i])) values[i] = before->second[i];
    }
  }
}

}  // namespace yishi::deliberation
