#include "topology/divisions_csv.h"

#include <iconv.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

const std::string kHeader = "code,name,level,parent\n";
const std::string kSmall = kHeader +
                           "320800000000,淮安市,city,\n"
                           "320803000000,淮安区,district,320800000000\n"
                           "320803001000,甲镇,township,320803000000\n"
                           "320803001001,一村,village,320803001000\n";

CsvImport import_text(std::string_view text) { return import_divisions(view_of(text)); }

std::string huaian() {
  std::ifstream file(std::string(YISHI_SOURCE_DIR) + "/topology/divisions/huaian.csv",
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string to_gb18030(std::string text) {
  iconv_t converter = iconv_open("GB18030", "UTF-8");
  std::string out(text.size() * 2, '\0');
  char* in = text.data();
  std::size_t in_left = text.size();
  char* to = out.data();
  std::size_t to_left = out.size();
  EXPECT_EQ(iconv(converter, &in, &in_left, &to, &to_left), 0u);
  iconv_close(converter);
  out.resize(out.size() - to_left);
  return out;
}

std::string joined(const CsvImport& import) { return import.ok() ? "" : import.summary().en; }

TEST(DivisionsCsvTest, TakesTheWholeOfHuaianIntoADirectory) {
  const CsvImport import = import_text(huaian());
  ASSERT_TRUE(import.ok()) << joined(import);
  std::map<std::string, int> of_level;
  for (const Unit& unit : import.divisions.units) ++of_level[unit.level];
  EXPECT_EQ(of_level, (std::map<std::string, int>{
                          {"city", 1}, {"district", 8}, {"township", 113}, {"village", 1601}}));
  const crypto::PrivateKey root = new_key();
  crypto::SystemRandom random;
  Directory directory;
  std::vector<Operation> operations{NetworkCreated{"淮安",
                                                   crypto::Suite::kEd25519Sha256,
                                                   {root.public_key().raw()},
                                                   new_key().public_key().raw()}};
  for (const Unit& unit : import.divisions.units) {
    operations.emplace_back(UnitAdded{unit});
    if (operations.size() < kMaxOperations && &unit != &import.divisions.units.back()) continue;
    const Change change = sign_change(root, directory.network(), 1, operations, random);
    const Result<Change> read = decode_change(change.encode());
    ASSERT_TRUE(read.ok()) << read.error().en;
    const Status status = directory.apply(*read, directory.latest() + 1);
    ASSERT_TRUE(status.ok()) << status.error().en;
    operations.clear();
  }
  EXPECT_EQ(directory.unit_count(), 1723u);
  EXPECT_EQ(directory.root(), kCity);
  EXPECT_EQ(directory.children_of(kCity).size(), 8u);
  EXPECT_EQ(directory.keeper_of(import.divisions.units.back().code), kCity);
}

TEST(DivisionsCsvTest, ReadsGb18030AndUtf8WithBomAlike) {
  const CsvImport plain = import_text(huaian());
  const CsvImport marked = import_text("\xEF\xBB\xBF" + huaian());
  const CsvImport chinese = import_text(to_gb18030(huaian()));
  ASSERT_TRUE(chinese.ok()) << joined(chinese);
  EXPECT_EQ(plain.divisions.units, chinese.divisions.units);
  EXPECT_EQ(plain.divisions.units, marked.divisions.units);
}

TEST(DivisionsCsvTest, ReadsWhatSpreadsheetsWrite) {
  const CsvImport import = import_text(
      "code,name,level,parent\r\n"
      "=\"320800000000\",\"淮安, 市\",city,\r\n"
      "\r\n"
      "   \r\n"
      "\"=\"\"320803000000\"\"\",\"名\"\"字\"\"\",district,'320800000000\r\n"
      " 320803001000 , 甲镇\t,township, \"320803000000\" ");
  ASSERT_TRUE(import.ok()) << joined(import);
  ASSERT_EQ(import.divisions.units.size(), 3u);
  EXPECT_EQ(import.divisions.units[0].name, "淮安, 市");
  EXPECT_EQ(import.divisions.units[1].name, "名\"字\"");
  EXPECT_EQ(import.divisions.units[2].name, "甲镇");
  EXPECT_EQ(import.divisions.units[2].parent, kDistrictA);
}

TEST(DivisionsCsvTest, PutsParentsBeforeChildrenInWhateverOrderTheyStand) {
  const CsvImport import = import_text(kHeader +
                                       "320803001001,一村,village,320803001000\n"
                                       "320803001000,甲镇,township,320803000000\n"
                                       "320803000000,淮安区,district,320800000000\n"
                                       "320800000000,淮安市,city,\n");
  ASSERT_TRUE(import.ok()) << joined(import);
  EXPECT_EQ(import.divisions.units.front().code, kCity);
  EXPECT_EQ(import.divisions.units.back().code, kVillage1);
}

TEST(DivisionsCsvTest, TakesCitiesWithoutDistrictsFarmsAndLongDistrictCodes) {
  const CsvImport import = import_text(kHeader +
                                       "441900000000,东莞市,city,\n"
                                       "441900003000,东城街道,township,441900000000\n"
                                       "441900003001,岗贝社区,village,441900003000\n"
                                       "441900500000,某农场,township,441900000000\n"
                                       "441900500498,农场一队,village,441900500000\n"
                                       "441900402000,开发区,district,441900000000\n"
                                       "441900402001,开发区一村,village,441900402000\n");
  ASSERT_TRUE(import.ok()) << joined(import);
  EXPECT_EQ(import.divisions.units.size(), 7u);
}

TEST(DivisionsCsvTest, WritesWhatItReads) {
  const std::vector<Unit> units = [] {
    std::vector<Unit> made = import_text(kSmall).divisions.units;
    made[1].name = "=1+1";
    made[2].name = "a,\"b\"";
    made[3].name = "@村";
    return made;
  }();
  std::vector<Unit> with_room = units;
  with_room.push_back({code("320803001001-T01"), "室", "village", kVillage1, "studio"});
  const std::string text = export_divisions(with_room);
  EXPECT_TRUE(
      text.starts_with("\xEF\xBB\xBF"
                       "code,name,level,parent\r\n"));
  EXPECT_NE(text.find("'=1+1"), std::string::npos);
  const CsvImport back = import_text(text);
  ASSERT_TRUE(back.ok()) << joined(back);
  EXPECT_EQ(back.divisions.units, units);
}

struct Wrong {
  std::string what;
  std::string rule;
  std::size_t line;
  std::string field;
  std::string text;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::vector<Wrong> wrong_files() {
  const auto small = [](std::string_view from, std::string_view to) {
    return replaced(kSmall, from, to);
  };
  std::string long_name;
  for (int i = 0; i < 65; ++i) long_name += "村";
  return {
      {"empty", "csv.header", 1, "", ""},
      {"no header", "csv.header", 1, "", kSmall.substr(kHeader.size())},
      {"other order", "csv.header", 1, "", small("code,name", "name,code")},
      {"column twice", "csv.header", 1, "", small("code,name,level", "code,code,level")},
      {"header twice", "csv.header", 3, "", small("320803000000,淮", kHeader + "320803000000,淮")},
      {"only header", "csv.root", 1, "parent", kHeader},
      {"few columns", "csv.columns", 5, "", small(",village,320803001000", ",village")},
      {"many columns", "csv.columns", 3, "",
       small("320800000000\n3208030010", "320800000000,\n3208030010")},
      {"semicolons", "csv.columns", 5, "", small("001,一村,village,", "001;一村;village;")},
      {"short code", "code.digits", 5, "code", small("320803001001,", "32080300101,")},
      {"spreadsheet number", "code.digits", 5, "code", small("320803001001,", "3.20803E+11,")},
      {"full-width digits", "code.digits", 5, "code",
       small("320803001001,", "３２０８０３００１００１,")},
      {"room", "code.digits", 5, "code", small("320803001001,", "320803001001-E01,")},
      {"short parent", "code.digits", 5, "parent", small("village,320803001000", "village,3208")},
      {"code twice", "csv.code.duplicate", 6, "code",
       kSmall + "320803001001,二村,village,320803001000\n"},
      {"foreign level", "csv.level.unknown", 5, "level", small("village", "hamlet")},
      {"level in Chinese", "csv.level.unknown", 5, "level", small("village", "村")},
      {"parent missing", "csv.parent.unknown", 5, "parent",
       small("village,320803001000", "village,320803002000")},
      {"level not below", "csv.level.order", 5, "level", small("village", "township")},
      {"level above", "csv.level.order", 5, "level", small("village", "city")},
      {"two roots", "csv.root", 6, "parent", kSmall + "320900000000,盐城市,city,\n"},
      {"no root", "csv.root", 1, "parent", small("320800000000,淮安市,city,\n", "")},
      {"outside its parent", "csv.code.digits", 5, "code", small("320803001001,", "320803002001,")},
      {"few digits", "csv.code.digits", 5, "code", small("320803001001,", "320803009000,")},
      {"own parent", "csv.cycle", 5, "parent",
       small("village,320803001000", "village,320803001001")},
      {"cycle", "csv.cycle", 3, "parent", small("district,320800000000", "district,320803001001")},
      {"no name", "csv.name", 5, "name", small("一村", "")},
      {"blank name", "csv.name", 5, "name", small("一村", " 　 ")},
      {"long name", "csv.name", 5, "name", small("一村", long_name)},
      {"line break in name", "csv.name", 5, "name", small("一村", "\"一\n村\"")},
      {"tab in name", "csv.name", 5, "name", small("一村", "一\t村")},
      {"quote never closed", "csv.quotes", 5, "name", small("一村", "\"一村")},
      {"text after quote", "csv.quotes", 5, "name", small("一村", "\"一\"村")},
      {"quote inside", "csv.quotes", 5, "name", small("一村", "一\"村")},
      {"zero byte", "csv.encoding", 5, "", small("一村", std::string_view("一\0村", 7))},
      {"UTF-16", "csv.encoding", 1, "",
       std::string("\xFF\xFE"
                   "c\0o\0d\0e\0",
                   10)},
      {"broken UTF-8", "csv.encoding", 5, "", small("一村", "一\xE4\xB8村")},
      {"broken after BOM", "csv.encoding", 2, "",
       "\xEF\xBB\xBF" + replaced(kSmall, "淮安市", "\xFF")},
      {"broken GB18030", "csv.encoding", 5, "",
       replaced(to_gb18030(kSmall), to_gb18030("一村"), "\xD2\xBB\xFF\xFF")},
  };
}

TEST(DivisionsCsvTest, RefusesEachWrongFileByRuleLineAndColumnAndImportsNothing) {
  for (const Wrong& wrong : wrong_files()) {
    SCOPED_TRACE(wrong.what);
    const CsvImport import = import_text(wrong.text);
    ASSERT_FALSE(import.ok());
    EXPECT_TRUE(import.divisions.units.empty());
    bool found = false;
    for (const CsvFault& fault : import.faults) {
      EXPECT_NE(fault.error.zh.find("第 " + std::to_string(fault.line) + " 行"), std::string::npos);
      EXPECT_NE(fault.error.en.find("Line " + std::to_string(fault.line)), std::string::npos);
      found = found || (fault.error.rule == wrong.rule && fault.line == wrong.line &&
                        fault.error.field == wrong.field);
    }
    EXPECT_TRUE(found) << joined(import);
  }
}

TEST(DivisionsCsvTest, RefusesAFileTooLargeOrOfTooManyUnits) {
  const CsvImport large = import_text(std::string(kMaxCsvBytes + 1, '\n'));
  EXPECT_EQ(large.summary().rule, "csv.size");
  std::string many = kHeader + "320000000000,省,province,\n";
  for (std::size_t i = 0; i < kMaxUnits; ++i) {
    const std::string digits = std::to_string(1'000'000'001 + i);
    many += "32" + digits + ",村,village,320000000000\n";
  }
  const CsvImport import = import_text(many);
  EXPECT_EQ(import.summary().rule, "csv.size");
  EXPECT_TRUE(import.divisions.units.empty());
  std::string commas = kHeader;
  for (std::size_t i = 0; i <= kMaxUnits; ++i) commas += ",,,\n";
  EXPECT_FALSE(import_text(commas).ok());
}

TEST(DivisionsCsvTest, ReportsTheFirstTwentyFaultsInOrderAndCountsTheOthers) {
  std::string text = kSmall;
  for (int i = 0; i < 30; ++i) text += "32,,x,1\n";
  const CsvImport import = import_text(text);
  ASSERT_EQ(import.faults.size(), kMaxReported);
  EXPECT_EQ(import.unreported, 120 - kMaxReported);
  EXPECT_TRUE(std::is_sorted(import.faults.begin(), import.faults.end(),
                             [](const CsvFault& a, const CsvFault& b) { return a.line < b.line; }));
  EXPECT_EQ(import.summary().field, "line 6, code");
  EXPECT_NE(import.summary().zh.find("另有 100 处"), std::string::npos);
}

TEST(DivisionsCsvTest, ReportsOneCycleOnce) {
  const std::string ring = replaced(kSmall, "district,320800000000", "district,320803001001");
  const CsvImport import = import_text(ring);
  ASSERT_EQ(import.faults.size(), 1u) << joined(import);
  EXPECT_EQ(import.faults[0].error.rule, "csv.cycle");
}

// Any line of the real file damaged in any of these ways: refused, never half taken.
TEST(DivisionsCsvMutationTest, EveryDamagedLineOfHuaianIsRefused) {
  const std::string whole = huaian();
  std::vector<std::size_t> starts;
  for (std::size_t at = whole.find('\n'); at != std::string::npos && at + 1 < whole.size();
       at = whole.find('\n', at + 1)) {
    starts.push_back(at + 1);
  }
  ASSERT_EQ(starts.size(), 1723u);
  const auto damage = [&](std::size_t start, int kind) {
    std::string text = whole;
    const std::size_t end = text.find('\n', start);
    const std::size_t comma = text.find(',', start);
    switch (kind) {
      case 0:
        return text.erase(start, 1);  // a digit lost
      case 1:
        return text.replace(start, 1, "9");  // another province
      case 2:
        return text.erase(comma, 1);  // a column lost
      case 3:
        return text.insert(end, text.substr(start - 1, end - start + 1));  // twice
      case 4:
        return text.insert(comma + 1, "\"");  // a quote opened
      case 5:
        return text.insert(comma + 1, 1, '\0');  // a zero byte
      case 6:
        return text.replace(comma + 1, 1, "\xFF");  // no UTF-8
      default:
        return text.replace(text.rfind(',', end) - 1, 1, "?");  // no such level
    }
  };
  const std::vector<std::string> rules{"code.digits",        "csv.code.digits",  "csv.columns",
                                       "csv.code.duplicate", "csv.quotes",       "csv.encoding",
                                       "csv.encoding",       "csv.level.unknown"};
  for (std::size_t row = 0; row < starts.size(); row += 331) {
    for (int kind = 0; kind < 8; ++kind) {
      const CsvImport import = import_text(damage(starts[row], kind));
      ASSERT_FALSE(import.ok()) << row << " " << kind;
      EXPECT_TRUE(import.divisions.units.empty());
      bool named = false;
      for (const CsvFault& fault : import.faults) {
        // With another code for the city, the lines that name the old one are at fault.
        const bool city = row == 0 && kind == 1;
        named = named || fault.error.rule ==
                             (city ? "csv.parent.unknown" : rules[static_cast<std::size_t>(kind)]);
      }
      EXPECT_TRUE(named) << row << " " << kind << " " << joined(import);
    }
  }
}

}  // namespace
}  // namespace yishi::topology
