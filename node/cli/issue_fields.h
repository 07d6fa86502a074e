// What the commands on issues share: how options become the API's JSON, and options that several
// commands have. For this folder only.
#pragma once

#include "node/cli/catalog.h"

namespace yishi::cli {

struct Body {
  Json json = Json::object();
  std::optional<Outcome> failed;
};
// Of the options given; `name` is the act's.
Body body_of(const Invocation& invocation, const std::string& name);

// An act: --by, --unit, --override and --signed come with each.
Command act_command(const std::string& name, const std::string& zh, const std::string& en,
                    std::vector<Option> options, const std::string& example);
Outcome told(const Invocation& invocation, const Called& called);

Outcome wrong_value(const char* option, const std::string& zh, const std::string& en);

// Up to the table and at it; table_fields.cpp.
std::optional<Outcome> put_table(Json& body, const Arguments& args, const std::string& name);

inline const Option kId{"id", "ID", "事项编号", "the issue's id", false, true, true};
inline const Option kBy{"by", "NAME", "以何组织或身份，例如 村党组织",
                        "organ or role, for example 村党组织"};
inline const Option kUnit{"unit", "CODE", "以哪个单位的名义（默认由节点决定）",
                          "in whose name (default: the node decides)"};
inline const Option kText{"text", "TEXT", "内容", "text"};
inline const Option kNeedText{"text", "TEXT", "内容", "text", false, true};
inline const Option kReason{"reason", "TEXT", "理由", "reason", false, true};
inline const Option kOverride{"override", "TEXT", "不符合“原则上”要求时说明理由",
                              "reason for passing a requirement that holds in principle"};
inline const Option kSigned{"signed", "ORGAN", "由何组织签批，例如 镇党委",
                            "the organ that signs this off, for example 镇党委"};
inline const Option kTitle{"title", "TEXT", "标题", "title"};
inline const Option kCategory{"category", "NAME", "类别（名称或代号）", "category (name or id)"};
inline const Option kBudget{"budget", "YUAN", "所需资金，元，例如 2,200,000.00",
                            "money needed, yuan, for example 2,200,000.00"};
inline const Option kReach{"reach", "CODE", "涉及的其他单位", "another unit that it touches", true};
inline const Option kSource{"source", "NAME", "来源：点题、荐题、出题 …", "source of the topic"};
inline const Option kFlag{"flag", "NAME", "标识：计划之外、全局性 …；只写 none 则全部取消",
                          "a flag: ad_hoc, overall …; none alone takes all back", true};
inline const Option kPlan{"plan", "PLAN=TEXT", "列入的计划，例如 deliberation=第3项",
                          "a plan it stands in, for example deliberation=3", true};
inline const Option kVia{"via", "NAME", "经何渠道：窗口、扫码 …", "the channel it came in by"};
inline const Option kHeard{"heard", "TEXT", "听取提出人意见的情况", "what the proposer said"};
inline const Option kDue{"due", "DATE", "期限，例如 2026-12-31",
                         "due date, for example 2026-12-31"};

std::vector<Command> table_commands();
std::vector<Command> follow_commands();  // after the table; commands_follow.cpp

}  // namespace yishi::cli
