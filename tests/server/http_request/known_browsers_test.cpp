#include "server/http_request/known_browsers.hpp"

#include <gtest/gtest.h>

namespace firstfin::http_request {
namespace {

TEST(KnownBrowsers, OldInternetExplorer) {
    EXPECT_TRUE(is_old_msie("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)"));
    EXPECT_TRUE(is_old_msie("Mozilla/4.0 (compatible; MSIE 5.5; Windows 98)"));
    EXPECT_FALSE(is_old_msie("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)"));
    EXPECT_FALSE(is_old_msie("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)"));
    EXPECT_FALSE(is_old_msie("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1) Opera 8"));
    EXPECT_FALSE(is_old_msie("MSIE 6."));
    EXPECT_FALSE(is_old_msie("msie 6.0"));
    EXPECT_FALSE(is_old_msie(""));
}

TEST(KnownBrowsers, SafariOnAMac) {
    constexpr auto mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/17 Safari/605.1";
    EXPECT_TRUE(is_mac_safari(mac));
    EXPECT_FALSE(is_mac_safari("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1 Safari/605.1"));
    EXPECT_FALSE(is_mac_safari("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/120 Safari/537"));
    EXPECT_FALSE(is_mac_safari("Mac OS X Gecko/1 Safari/1"));
    EXPECT_FALSE(is_mac_safari("MSIE 7.0 Mac OS X Safari/1"));
}

}  // namespace
}  // namespace firstfin::http_request
