// Writes Prometheus's text format, version 0.0.4: HELP and TYPE once a name, then its samples.
// For this folder only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yishi::http {

class MetricsText {
 public:
  using Labels = std::vector<std::pair<std::string_view, std::string>>;

  // Begins a name; samples follow, with labels, or the one value without.
  void gauge(std::string_view name, std::string_view help) { begin(name, help, "gauge"); }
  void gauge(std::string_view name, std::string_view help, double value);
  void counter(std::string_view name, std::string_view help, double value);
  void sample(const Labels& labels, double value);
  std::string take() { return std::move(text_); }

 private:
  void begin(std::string_view name, std::string_view help, std::string_view type);

  std::string text_;
  std::string name_;  // that samples are of
};

}  // namespace yishi::http
