#include "sync/receipted.h"

#include <gtest/gtest.h>

namespace yishi::sync {
namespace {

const crypto::Digest kLog{{1}};
const crypto::Digest kOther{{2}};

TEST(Receipted, CoversWhatStandsBelowThePosition) {
  const Receipted receipted{10, {}};
  EXPECT_TRUE(receipted.covers(10, kLog, 99));
  EXPECT_FALSE(receipted.covers(11, kLog, 1));
  EXPECT_FALSE(Receipted{}.covers(1, kLog, 1));
}

TEST(Receipted, DoesNotCoverWhatWasPassedOver) {
  const Receipted receipted{10, {{kLog, 3}, {{}, 7}}};
  EXPECT_TRUE(receipted.covers(5, kLog, 3));
  EXPECT_FALSE(receipted.covers(5, kLog, 4));
  EXPECT_TRUE(receipted.covers(5, kOther, 4)) << "another log";
  EXPECT_FALSE(receipted.covers(7, kOther, 1)) << "the row that could not be read";
}

}  // namespace
}  // namespace yishi::sync
