// issue …: what comes after the table, as a part of the catalog.
#include "node/cli/issue_fields.h"

namespace yishi::cli {
namespace {

const Option kTaskNumber{"task", "N", "交办编号", "number of the assignment", false, true};
const Option kRef{"ref", "REF", "所接续的专报或督办单的编号（前几位即可）",
                  "the report or order it follows (its first characters will do)"};
const Option kNeedRef{
    "ref", "REF", "督办单的编号（前几位即可）", "the order's number (its first characters will do)",
    false, true};
const Option kKind{"kind", "NAME", "督办类型", "kind of supervision"};

std::vector<Command> carrying() {
  return {
      act_command(
          "publish", "公示成果或进展", "publish the outcome, or progress",
          {kNeedText,
           {"about", "NAME", "公示什么：成果、进展 …", "what is published"},
           {"place", "TEXT", "公示在哪里", "where"},
           {"due", "DATE", "公示到哪一天", "until when"}},
          "320803001001-2026-0007 --about outcome --text \"安装 12 盏路灯\" --place 村务公开栏"),
      act_command("extend", "在期限前申请延期", "ask for an extension before the limit",
                  {kTaskNumber,
                   {"due", "DATE", "申请延到哪一天", "the date asked for", false, true},
                   {"reason", "TEXT", "理由", "reason", false, true}},
                  "320803001001-2026-0007 --task 1 --due 2027-01-31 --reason 雨季无法施工"),
      act_command("grant", "批准延期（写新期限）或不批准（写理由）",
                  "grant an extension (a date) or refuse it (a reason)",
                  {kTaskNumber, kDue, {"reason", "TEXT", "不批准的理由", "why it is refused"}},
                  "320803001001-2026-0007 --task 1 --due 2027-01-31"),
      act_command("urge", "催办", "urge whoever is to act",
                  {kNeedText, {"task", "N", "催哪一项交办", "which assignment"}},
                  "320803001001-2026-0007 --task 1 --text 请于本周内完成"),
      act_command("join", "联合办理：请其他单位共同办理", "handle it jointly with other units",
                  {kNeedText,
                   {"with", "CODE", "共同办理的单位", "a unit that takes part", true, true},
                   {"to", "CODE", "牵头单位（默认是办理单位）", "who leads (default: the holder)"},
                   kDue},
                  "320803001001-2026-0007 --with 320803001000 --with 320803002000 --text 三级联动"),
      act_command("refer", "转办给本级范围内的另一单位", "refer it to another unit inside this one",
                  {{"to", "CODE", "转给哪个单位", "to which unit", false, true},
                   {"reason", "TEXT", "理由", "reason", false, true}},
                  "320803001001-2026-0007 --to 320803002000 --reason 属乙镇管辖"),
      act_command(
          "guide", "作为共性指导议题下发", "push it down as a guiding topic",
          {{"level", "LEVEL", "下发到哪一级：township、village …", "to which level", false, true},
           {"to", "CODE", "下发到哪个单位的范围内", "inside which unit", false, true},
           {"text", "TEXT", "要求", "what is asked"},
           kDue},
          "320800000000-2026-0001 --level village --to 320803000000 --text 请各村组织协商"),
  };
}

std::vector<Command> looking_back() {
  return {
      act_command("revisit", "登记回头看", "record a look back",
                  {kNeedText,
                   {"about", "NAME", "结论：落实、反弹 …", "what was found"},
                   {"due", "DATE", "下一次回头看的日期", "when to look back again"}},
                  "320803001001-2026-0007 --about held --text 路灯全部正常"),
      act_command("rate", "登记满意度调查", "record how many are satisfied",
                  {{"asked", "N", "调查人数", "people asked", false, true},
                   {"satisfied", "N", "满意人数", "people satisfied", false, true},
                   {"text", "TEXT", "说明", "text"}},
                  "320803001001-2026-0007 --asked 40 --satisfied 37"),
  };
}

std::vector<Command> supervising() {
  return {
      act_command(
          "supervise", "督办：专报（不写 --to）或下达督办单",
          "supervise: a report (without --to) or an order",
          {kNeedText, kKind, {"to", "CODE", "督办哪个单位", "which unit is ordered"}, kDue, kRef},
          "320803001001-2026-0007 --kind order --to 320803001000 --due 2026-12-31 --text 限期整改"),
      act_command("visit", "登记已完成的督查走访（四不两直的也在完成后登记）",
                  "record a visit that is done (unannounced ones too)",
                  {kNeedText,
                   {"held", "TIME", "走访时间", "when", false, true},
                   {"method", "NAME", "方式：听、看、查、访、谈", "method", true},
                   {"place", "TEXT", "地点", "place"},
                   kKind,
                   kRef},
                  "320803001001-2026-0007 --kind visit --held \"2026-11-21 14:30\" --method 看 "
                  "--text 现场未开工"),
      act_command("rectify", "回复督办单；整改完成时加 --done",
                  "answer an order; with --done when it is rectified",
                  {kNeedRef, kNeedText, {"done", "", "整改完成", "it is rectified"}},
                  "320803001001-2026-0007 --ref 3fa9c1 --text 已整改 --done"),
      act_command("appraise", "评价整改：合格加 --done，否则退回重改",
                  "appraise: with --done it passes, without it goes back",
                  {kNeedRef, kNeedText, {"done", "", "合格", "it passes"}},
                  "320803001001-2026-0007 --ref 3fa9c1 --text 合格 --done"),
      act_command("account", "登记问责", "record that somebody is held to account",
                  {kNeedText, {"to", "CODE", "哪个单位", "which unit", false, true}},
                  "320803001001-2026-0007 --to 320803001000 --text 约谈负责人"),
  };
}

}  // namespace

std::vector<Command> follow_commands() {
  std::vector<Command> all;
  for (auto part : {carrying, looking_back, supervising}) {
    for (auto& command : part()) all.push_back(std::move(command));
  }
  return all;
}

}  // namespace yishi::cli
