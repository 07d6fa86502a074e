#include "sync/endpoint.h"

#include <gtest/gtest.h>

namespace yishi::sync {
namespace {

TEST(Endpoint, TakesNamesNumbersAndBrackets) {
  const auto named = parse_endpoint("tcp://shuanghe.example:5570", EndpointUse::kConnect, "parent");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(named->host, "shuanghe.example");
  EXPECT_EQ(named->port, 5570);
  EXPECT_FALSE(named->ipv6);
  const auto bracketed = parse_endpoint("tcp://[fe80::1]:65535", EndpointUse::kConnect, "parent");
  ASSERT_TRUE(bracketed.ok());
  EXPECT_EQ(bracketed->host, "[fe80::1]");
  EXPECT_TRUE(bracketed->ipv6);
}

TEST(Endpoint, AnyAddressAndAnyPortAreForListeningOnly) {
  const auto any = parse_endpoint("tcp://*:*", EndpointUse::kListen, "bind");
  ASSERT_TRUE(any.ok());
  EXPECT_EQ(any->port, 0);
  EXPECT_FALSE(parse_endpoint("tcp://*:5570", EndpointUse::kConnect, "parent").ok());
  EXPECT_FALSE(parse_endpoint("tcp://127.0.0.1:*", EndpointUse::kConnect, "parent").ok());
}

TEST(Endpoint, RefusesWhatIsNotAnAddressAndNamesIt) {
  const std::string long_name(kMaxEndpointBytes, 'a');
  for (const std::string& text :
       {std::string(""), std::string("tcp://"), std::string("tcp://host"), std::string("host:5570"),
        std::string("ipc:///tmp/a:1"), std::string("inproc://a:1"), std::string("tcp://:5570"),
        std::string("tcp://host:0"), std::string("tcp://host:65536"), std::string("tcp://host:55x"),
        std::string("tcp://host:-1"), std::string("tcp://a;b:5570"), std::string("tcp://a b:5570"),
        std::string("tcp://::1:5570"), std::string("tcp://[]:5570"), std::string("tcp://[::1:5570"),
        "tcp://" + long_name + ":5570"}) {
    const auto parsed = parse_endpoint(text, EndpointUse::kConnect, "parent");
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().rule, "transport.endpoint");
    EXPECT_EQ(parsed.error().field, "parent");
    if (text.size() <= kMaxEndpointBytes) {
      EXPECT_NE(parsed.error().zh.find(text), std::string::npos);
      EXPECT_NE(parsed.error().en.find(text), std::string::npos);
    } else {
      EXPECT_EQ(parsed.error().en.find(long_name), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace yishi::sync
