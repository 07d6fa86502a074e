// Words of a city's two years: what villages log and note, so that some words are common,
// some rare, and most sentences differ. The same seed gives the same texts.
#pragma once

#include <array>
#include <random>
#include <string>
#include <string_view>

namespace yishi::bench {

class Texts {
 public:
  explicit Texts(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool chance(std::uint64_t one_in) { return below(one_in) == 0; }

  std::string title() {
    if (chance(5'000)) return std::string(pick(kPlaces)) + "增设透析室";  // the rare word
    return std::string(pick(kPlaces)) + std::string(pick(kThings)) + std::string(pick(kTroubles));
  }
  std::string text() {
    std::string out = std::string(pick(kPlaces)) + "的" + std::string(pick(kThings));
    out += std::string(pick(kTroubles)) + "，涉及" + std::to_string(1 + below(99)) + "户";
    for (std::uint64_t i = 0, n = 1 + below(3); i < n; ++i) out += "，" + std::string(pick(kDone));
    out += "。" + std::string(pick(kNames)) + std::string(pick(kNames)) + "家反映，编号";
    return out + std::to_string(below(1'000'000)) + "。";
  }
  std::string opinion() {
    return std::string(pick(kDone)) + "，" + std::string(pick(kDone)) + "。" +
           std::string(pick(kNames)) + "组长负责。";
  }
  // A line of the journal, about 200 bytes.
  std::string line() {
    return R"({"n":)" + std::to_string(++lines_) + R"(,"text":")" + text() + opinion() + R"("})";
  }

 private:
  template <std::size_t N>
  std::string_view pick(const std::array<std::string_view, N>& from) {
    return from[below(N)];
  }

  static constexpr std::array<std::string_view, 16> kPlaces = {
      "村口", "一组", "二组",   "三组",     "东头", "西头",     "学校旁", "卫生室门前",
      "桥北", "河南", "老街巷", "文化广场", "圩堤", "养老院后", "菜市场", "国道边"};
  static constexpr std::array<std::string_view, 20> kThings = {
      "路灯",   "水渠",   "道路",   "井盖",     "垃圾桶", "电线",     "公厕",
      "河道",   "围墙",   "停车位", "健身器材", "宅基地", "农田灌溉", "桥梁",
      "下水道", "绿化带", "信号",   "快递点",   "泵站",   "凉亭"};
  static constexpr std::array<std::string_view, 12> kTroubles = {
      "不亮",     "渗漏", "破损", "缺失",       "清运不及时", "低垂",
      "需要修缮", "堵塞", "占用", "归属有争议", "老化",       "维修费用无着落"};
  static constexpr std::array<std::string_view, 14> kDone = {
      "已拍照留存",       "已报网格员",     "待镇水利站核实",   "费用由集体承担",
      "计划本周开会商量", "群众意见较大",   "已与施工队联系",   "请上级帮助协调",
      "先临时围挡",       "拟列入民生实事", "环境整治一并考虑", "村民代表表示同意",
      "还有两户要做工作", "下月验收"};
  static constexpr std::array<std::string_view, 12> kNames = {"王", "李", "张", "刘", "陈", "杨",
                                                              "赵", "黄", "周", "吴", "徐", "孙"};
  std::mt19937_64 engine_;
  std::uint64_t lines_ = 0;
};

}  // namespace yishi::bench
