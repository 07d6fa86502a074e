#include "node/http/table_form.h"

namespace yishi::http {
namespace {

using deliberation::ActBody;
using deliberation::Person;
using deliberation::Saying;

constexpr std::size_t kLabel = 200;  // bytes of an id or a label of the policy
constexpr std::size_t kLine = deliberation::kMaxShortBytes;

// Each object of a list, through a form of its own.
template <class Item, class Read>
std::vector<Item> read_list(Form& form, const char* key, std::size_t max, Read read) {
  std::vector<Item> items;
  const Input* list = form.objects(key, max);
  if (list == nullptr) return items;
  std::size_t index = 0;
  for (const auto& item : *list) {
    Form one(item, std::string(key) + "[" + std::to_string(index++) + "].");
    items.push_back(read(one));
    if (const auto status = one.finish(); !status) form.fail(status.error());
  }
  return items;
}

Person read_person(Form& form) {
  Person one;
  one.name = form.text("name", deliberation::kMaxNameBytes, true);
  one.role = form.text("role", kLabel);
  one.party = form.text("party", kLabel);
  one.level = form.text("level", kLabel);
  one.from = form.text("from", deliberation::kMaxNameBytes);
  return one;
}

Person read_one_person(Form& form, const char* key) {
  const Input* object = form.object(key);
  if (object == nullptr) return {};
  Form one(*object, std::string(key) + ".");
  Person person = read_person(one);
  if (const auto status = one.finish(); !status) form.fail(status.error());
  return person;
}

Saying read_saying(Form& form) {
  Saying one;
  one.who = form.text("who", deliberation::kMaxNameBytes);
  one.party = form.text("party", kLabel);
  one.text = form.text("text", deliberation::kMaxSayingBytes, true);
  return one;
}

deliberation::Tally read_tally(Form& form) {
  deliberation::Tally one;
  one.motion = form.text("motion", deliberation::kMaxTitleBytes);
  one.channel = form.text("channel", kLabel, true);
  one.yes = form.number("yes").value_or(0);
  one.no = form.number("no").value_or(0);
  one.abstain = form.number("abstain").value_or(0);
  return one;
}

deliberation::Responsibility read_duty(Form& form) {
  deliberation::Responsibility one;
  one.text = form.text("text", deliberation::kMaxSayingBytes, true);
  one.unit = form.code("unit");
  one.who = form.text("who", deliberation::kMaxNameBytes);
  one.due_ms = form.moment("due");
  return one;
}

void read_lists(Form& form, deliberation::SessionRecord& session) {
  namespace d = deliberation;
  session.votes = read_list<d::Tally>(form, "votes", d::kMaxTallies, read_tally);
  session.opinions = read_list<Saying>(form, "opinions", d::kMaxOpinions, read_saying);
  session.dissents = read_list<Saying>(form, "dissents", d::kMaxDissents, read_saying);
  session.suggestions = form.texts("suggestions", d::kMaxListItems, d::kMaxSayingBytes);
  session.responsibilities =
      read_list<d::Responsibility>(form, "responsibilities", d::kMaxListItems, read_duty);
  session.feedback = form.texts("feedback", d::kMaxListItems, d::kMaxSayingBytes);
  session.problems = read_list<d::Problem>(form, "problems", d::kMaxProblems, [](Form& one) {
    d::Problem problem;
    problem.text = one.text("text", d::kMaxSayingBytes, true);
    problem.result = one.text("result", kLabel);
    return problem;
  });
  session.materials = read_list<d::Material>(form, "materials", d::kMaxMaterials, [](Form& one) {
    constexpr std::size_t kDigestText = 128;  // hexadecimal
    d::Material material;
    material.name = one.text("name", kLine, true);
    material.digest = one.text("digest", kDigestText);
    return material;
  });
}

void read_session(Form& outer, deliberation::SessionRecord& session) {
  namespace d = deliberation;
  const Input* object = outer.object("session");
  if (object == nullptr) return;
  Form form(*object, "session.");
  session.until_ms = form.moment("until");
  session.type = form.text("type", kLabel);
  session.venue = form.text("venue", kLabel);
  session.link = form.text("link", kLine);
  session.subject = form.text("subject", kLine);
  session.measures = form.text("measures", d::kMaxTextBytes);
  session.minutes = form.text("minutes", d::kMaxTextBytes);
  session.conveners = read_list<Person>(form, "conveners", d::kMaxConveners, read_person);
  session.host = read_one_person(form, "host");
  session.delegated_by = read_one_person(form, "delegated_by");
  session.staff = read_list<Person>(form, "staff", d::kMaxStaff, read_person);
  session.attendance = read_list<Person>(form, "signed_in", d::kMaxAttendance, read_person);
  session.entitled = form.number("entitled").value_or(0);
  read_lists(form, session);
  if (const auto status = form.finish(); !status) outer.fail(status.error());
}

}  // namespace

void read_table(Form& form, ActBody& body) {
  namespace d = deliberation;
  body.topic.flags = form.texts("flags", d::kMaxFlags, kLabel);
  body.topic.plans = read_list<d::PlanLink>(form, "plans", d::kMaxPlanLinks, [](Form& one) {
    d::PlanLink link;
    link.plan = one.text("plan", kLabel, true);
    link.ref = one.text("ref", kLine);
    return link;
  });
  body.topic.via = form.text("via", kLabel);
  body.topic.answers = read_list<d::CheckAnswer>(form, "checks", d::kMaxChecks, [](Form& one) {
    d::CheckAnswer answer;
    answer.item = one.text("item", kLabel, true);
    answer.yes = one.flag("yes");
    answer.text = one.text("text", d::kMaxCheckBytes);
    return answer;
  });
  body.group = read_list<Person>(form, "group", d::kMaxStaff, read_person);
  body.heard = form.text("heard", d::kMaxTextBytes);
  body.signed_by = form.text("signed", kLine);
  body.organs = form.texts("organs", d::kMaxOrgans, kLine);
  body.view = form.text("view", kLabel);
  body.number = form.number("number").value_or(0);
  body.item = form.number("item").value_or(0);
  read_session(form, body.session);
}

}  // namespace yishi::http
