#include "node/cli/joining_text.h"

#include <array>

namespace yishi::cli {
namespace {

struct Words {
  std::string_view joining, zh, en;
};

constexpr std::array<Words, 12> kWords{{
    {"parent",
     "正在等上级应答。上级不通、地址不对或票据属于另一个网络时都会这样：请检查网线和上级地址，"
     "上级开着时会自动接上，什么也不会丢",
     "waiting for the parent to answer. It is unreachable, its address is wrong, or the ticket is "
     "of another network: check the line and the parent's address; it goes on by itself"},
    {"root", "上级已收到，正在等市级根节点登记；根节点在线后自动完成",
     "the parent has it; waiting for the root's node to record it, which needs no help"},
    {"topology", "正在取组织架构，稍候自动完成", "fetching the topology, which needs no help"},
    {"ticket.used",
     "这张票据已经用过，管理员已得知。若不是您用的，请立即告诉管理员；要加入请另要一张",
     "this ticket has been used already, and the operator has been told. If it was not you, tell "
     "him at once; to join, ask for another"},
    {"ticket.expired", "票据已过期：先核对本机时间，再向管理员另要一张",
     "the ticket has expired: check this machine's clock, then ask the operator for another"},
    {"ticket.stale", "这个单位已有别的节点入网：若要用这台机器替换它，请管理员签发新票据",
     "the unit has another node by now: to replace it by this machine, ask for a new ticket"},
    {"ticket.scope", "票据与单位不符：请核对票据上的单位，另要一张",
     "the ticket is of another unit: compare the unit on it, and ask for another"},
    {"change.network", "票据属于另一个网络：请核对上级地址，或向这个网络的管理员要票据",
     "the ticket is of another network: check the parent's address, or ask this network's operator "
     "for one"},
    {"change.signer.unknown",
     "上级不认识这张票据：它可能还没有传到上级，会自动再试；"
     "过一天仍不行，请核对上级地址",
     "the parent does not know this ticket: news of it may be on the way, and it is tried again; "
     "if a day passes, check the parent's address"},
    {"unit.suspended", "单位已停用，不能接入节点：请找管理员恢复",
     "the unit is suspended, no node can join for it: ask the operator to resume it"},
    {"unit.retired", "单位已经撤销，不能接入节点：请用承接单位的票据",
     "the unit has been retired: use a ticket of the unit that succeeds it"},
    {"unit.unknown", "上级的组织架构里没有这个单位：请核对票据",
     "the parent's topology has no such unit: check the ticket"},
}};

}  // namespace

std::string joining_text(const std::string& joining, bool chinese) {
  for (const Words& words : kWords) {
    if (words.joining == joining) return std::string(chinese ? words.zh : words.en);
  }
  return chinese ? "上级没有接受（" + joining + "）：请把这句话告诉管理员"
                 : "the parent did not accept it (" + joining + "): tell the operator so";
}

}  // namespace yishi::cli
