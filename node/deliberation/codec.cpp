#include "node/deliberation/codec.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kMaxCodeBytes = 18;  // 12 digits, '-', a letter, four digits
constexpr std::size_t kFigureParts = 4;

}  // namespace

bool is_present(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value != nullptr && !value->is_nil();
}

bool fail_with(Fields& in, std::string_view key, const std::optional<Error>& fault) {
  if (fault) in.fail(key, fault->rule, fault->zh, fault->en);
  return fault.has_value();
}

topology::Code read_code(Fields& in, std::string_view key) {
  const std::string_view text = in.text_or(key, "", kMaxCodeBytes);
  if (text.empty()) return {};
  auto code = topology::Code::parse(text);
  if (code) return *code;
  fail_with(in, key, code.error());
  return {};
}

std::vector<std::string> read_texts(Fields& in, std::string_view key, std::size_t max,
                                    std::size_t max_bytes) {
  std::vector<std::string> texts;
  const Value* array = in.array_or_null(key, max);
  if (array == nullptr) return texts;
  Sequence sequence(*array, key, array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    texts.emplace_back(sequence.text("", max_bytes));
  }
  if (fail_with(in, key, sequence.fault())) return {};
  return texts;
}

std::vector<topology::Code> read_codes(Fields& in, std::string_view key, std::size_t max) {
  std::vector<topology::Code> codes;
  for (const std::string& text : read_texts(in, key, max, kMaxCodeBytes)) {
    auto code = topology::Code::parse(text);
    if (!code) {
      fail_with(in, key, code.error());
      return {};
    }
    codes.push_back(*code);
  }
  return codes;
}

std::vector<Figure> read_figures(Fields& in, std::string_view key) {
  std::vector<Figure> figures;
  const Value* array = in.array_or_null(key, kMaxFigures);
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    Sequence parts(*array->at(i), key, kFigureParts);
    Figure figure;
    figure.name = parts.text("name", kMaxShortBytes);
    figure.before = parts.text("before", kMaxShortBytes);
    figure.after = parts.text("after", kMaxShortBytes);
    figure.unit = parts.text("unit", kMaxShortBytes);
    if (fail_with(in, key, parts.fault())) return {};
    figures.push_back(std::move(figure));
  }
  return figures;
}

void write_texts(Packer& out, const std::vector<std::string>& texts) {
  out.array(texts.size());
  for (const std::string& text : texts) out.text(text);
}

void write_codes(Packer& out, const std::vector<topology::Code>& codes) {
  out.array(codes.size());
  for (const topology::Code& code : codes) out.text(code.text());
}

void write_figures(Packer& out, const std::vector<Figure>& figures) {
  out.array(figures.size());
  for (const Figure& one : figures) {
    out.array(kFigureParts).text(one.name).text(one.before).text(one.after).text(one.unit);
  }
}

}  // namespace yishi::deliberation
